#include "house.h"

#include <stdexcept>

namespace vitals::evaluate::test {

Ids ids(const std::string& prefix, int count) {
  Ids all;
  for (int i = 0; i < count; ++i) all.push_back(prefix + std::to_string(i));
  return all;
}

House::House() {
  auto opened = events::EventLog::open(*store, clock, {}, quiet_logger(), log_telemetry);
  if (!opened) throw std::runtime_error(opened.error().message);
  log = *std::move(opened);
}

Evaluator House::everything() const {
  Evaluator evaluator;
  evaluator.name = "judge";
  evaluator.url = judge.url();
  evaluator.sample = 1;
  return evaluator;
}

void House::start(std::vector<Evaluator> whom) {
  evaluators.reset();
  calls = std::make_unique<CountedCalls>();
  telemetry = std::make_unique<telemetry::Registry>();
  auto opened = Evaluators::open({*store, *log, clock, *calls, logger, *telemetry,
                                  [this](const model::ExecutionBatch& rows, std::size_t row) {
                                    ++shown;
                                    const bool persons = !rows[model::Label::user].codes.empty() ||
                                                         !rows[model::Label::session].codes.empty();
                                    return R"({"id":")" + std::string(rows.ids.at(row)) +
                                           R"(","prompt":")" +
                                           std::string(rows[model::Label::prompt].at(row)) + '"' +
                                           (persons ? R"(,"persons":true})" : "}");
                                  },
                                  [this](model::Signal assessment, Stored stored) {
                                    return take(std::move(assessment), std::move(stored));
                                  },
                                  42},
                                 std::move(whom));
  if (!opened) throw std::runtime_error(opened.error().message);
  evaluators = *std::move(opened);
}

bool House::take(model::Signal assessment, Stored stored) {
  if (sink_full) return false;
  if (!sink_silent) stored(sink_says);
  handed_in.push_back({std::move(assessment), std::move(stored)});
  return true;
}

model::ExecutionBatch House::batch(const Ids& executions, const std::string& prompt) const {
  model::ExecutionBatch rows;
  for (const std::string& id : executions) {
    rows.ids.push_back(id);
    rows.time_ms.push_back(clock.now_ms());
    rows.outcome.push_back(0);
    for (const auto& [label, text] :
         {std::pair(model::Label::prompt, prompt), std::pair(model::Label::user, std::string("u")),
          std::pair(model::Label::session, std::string("s"))}) {
      rows[label].codes.push_back(rows[label].dictionary.intern(text));
    }
  }
  return rows;
}

void House::add(model::ExecutionBatch rows) {
  std::vector<model::ExecutionBatch> batches;
  batches.push_back(std::move(rows));
  const auto appended = log->append(std::move(batches));
  if (!appended) throw std::runtime_error(appended.error().message);
}

void House::add(const Ids& executions, const std::string& prompt) {
  add(batch(executions, prompt));
}

DurationMs House::run() {
  DurationMs wait = 0;
  std::size_t known = 0;
  do {
    if (calls->under_way() > 0) calls->wait(60'000);
    known = handed_in.size();
    wait = evaluators->step();
  } while (wait == 0 || calls->under_way() > 0 || handed_in.size() != known);
  return wait;
}

void House::run_long() {
  for (std::size_t quiet = 0; quiet < 3; ++quiet) {
    const std::size_t before = judge.requests().size() + handed_in.size();
    run();
    clock.advance(100'000);
    run();
    if (judge.requests().size() + handed_in.size() != before) quiet = 0;
  }
}

void House::run_until_asked(std::size_t requests) {
  while (judge.requests().size() < requests) {
    if (evaluators->step() > 0) calls->wait(10);
  }
}

std::uint64_t House::count(const std::string& result) const {
  std::string text;
  telemetry->write_prometheus(text);
  const std::string line =
      R"(vitals_evaluations_total{evaluator="judge",result=")" + result + R"("} )";
  const std::size_t at = text.find(line);
  if (at == std::string::npos) throw std::runtime_error("no such series: " + line);
  return std::stoull(text.substr(at + line.size()));
}

Ids House::assessed() const {
  Ids all;
  for (const HandedIn& one : handed_in) all.push_back(one.assessment.execution_id);
  return all;
}

}  // namespace vitals::evaluate::test
