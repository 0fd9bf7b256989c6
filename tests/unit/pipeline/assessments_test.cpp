// What evaluators say of executions: one quality for each, whoever says it, in whatever order.
#include <cmath>
#include <map>
#include <random>
#include <utility>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/events/log_view.h>
#include <vitals/model/assessment.h>
#include <vitals/series/cell_view.h>

#include "house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

model::Signal assessed_by(const std::string& evaluator, const std::string& execution,
                          double clarity) {
  return {model::RowKind::assessment, execution, evaluator, 1, {{model::Number::clarity, clarity}}};
}

/// Executions whose runner has scored them so.
model::ExecutionBatch scored(const std::string& prompt, int first, int count, TimeMs time_ms,
                             double clarity) {
  model::ExecutionBatch batch = executions(prompt, first, count, time_ms);
  batch.numbers[model::index(model::Number::clarity)].assign(batch.rows(), clarity);
  return batch;
}

/// How many qualities count, and what they add up to.
struct Counted {
  std::uint64_t count = 0;
  double sum = 0;

  void add(double value) {
    ++count;
    sum += value;
  }
};
bool operator==(const Counted& a, const Counted& b) {
  return a.count == b.count && std::abs(a.sum - b.sum) < 1e-6;
}
std::ostream& operator<<(std::ostream& out, const Counted& counted) {
  return out << counted.count << " of " << counted.sum;
}

Counted in_log(const House& house) {
  Counted counted;
  events::ScanRequest request;
  request.columns.add(model::Number::clarity);
  const events::LogView view(*house.log, house.store.snapshot());
  REQUIRE(view.visit(request, [&](const events::Block& block, std::span<const std::uint32_t> rows) {
    for (const std::uint32_t row : rows) {
      const double clarity = block.rows.number(model::Number::clarity, row);
      if (!std::isnan(clarity)) counted.add(clarity);
    }
    return Status();
  }));
  return counted;
}

/// The quality that each execution counts with.
std::map<std::string, double> by_execution(const House& house) {
  std::map<std::string, double> found;
  events::ScanRequest request;
  request.columns.ids = true;
  request.columns.add(model::Number::clarity);
  const events::LogView view(*house.log, house.store.snapshot());
  REQUIRE(view.visit(request, [&](const events::Block& block, std::span<const std::uint32_t> rows) {
    for (const std::uint32_t row : rows) {
      const double clarity = block.rows.number(model::Number::clarity, row);
      if (std::isnan(clarity)) continue;
      REQUIRE(found.emplace(model::execution_id_of(block.rows.ids.at(row)), clarity).second);
    }
    return Status();
  }));
  return found;
}

Counted in_cells(const House& house, series::Resolution resolution) {
  metrics::Needs needs;
  needs.add_moments(metrics::Measure::response_quality);
  Counted counted;
  const series::CellView view(*house.rollups, house.store.snapshot());
  REQUIRE(view.visit(resolution, 0, house.now() + 48 * kHourMs, needs, {},
                     [&](series::SeriesId, TimeMs, const metrics::Cell& cell) {
                       const auto* moments = cell.moments(metrics::Measure::response_quality);
                       counted.count += moments->count;
                       counted.sum += moments->sum;
                     }));
  return counted;
}

/// In the log, and in cells of every resolution once maintenance has done its work.
void require_counted(House& house, const Counted& expected) {
  REQUIRE(in_log(house) == expected);
  for (int turn = 0; turn < 100; ++turn) {  // what was made anew is left alone for a while
    house.clock.advance(1'000);
    house.maintenance->step();
  }
  REQUIRE(house.maintenance->complete_cells());
  for (const series::Resolution resolution : series::kResolutions) {
    CAPTURE(to_string(resolution));
    REQUIRE(in_cells(house, resolution) == expected);
  }
}

/// Reads of the log that a house began and nobody has made yet.
struct HeldReads {
  explicit HeldReads(House& the_house) : house(the_house) {
    house.run_elsewhere = [this](std::function<void()> work) {
      reads.push_back(std::move(work));
      return true;
    };
    house.restart();
  }
  void run_all() {
    for (int turn = 0; turn < 10; ++turn) {
      for (const auto& read : std::exchange(reads, {})) read();
      house.spine->step();
      house.maintenance->run_commands();  // revisions
    }
  }

  House& house;
  std::vector<std::function<void()>> reads;
};

}  // namespace

TEST_CASE("the first assessment counts where its execution does, and is no execution") {
  House house;
  const TimeMs ended = house.now();
  house.post(executions("a", 0, 3, ended));
  house.clock.advance(5 * kHourMs);
  const auto outcome = house.said({assessed_by("judge", "a-1", 4), assessed_by("judge", "a-2", 6)});
  CHECK(outcome.accepted == 2);
  CHECK(outcome.waiting == 0);
  require_counted(house, {2, 10});
  house.require_everywhere(3);
  CHECK(house.said({assessed_by("judge", "a-1", 4)}).duplicates == 1);
  require_counted(house, {2, 10});
}

TEST_CASE("several evaluators of one execution are one quality") {
  House house;
  house.post(executions("a", 0, 2, house.now()));
  CHECK(house
            .said({assessed_by("judge", "a-0", 4), assessed_by("other", "a-0", 8),
                   assessed_by("judge", "a-1", 1)})
            .accepted == 3);
  require_counted(house, {2, 7});
  // A third, later, and one that has changed its mind.
  CHECK(house.said({assessed_by("third", "a-0", 6), assessed_by("judge", "a-1", 2)}).accepted == 2);
  require_counted(house, {2, 8});
  CHECK(house.said({assessed_by("third", "a-0", 6), assessed_by("judge", "a-1", 2)}).duplicates ==
        2);
  house.restart();
  CHECK(house.said({assessed_by("judge", "a-0", 1)}).accepted == 1);
  // 1 is an outlier beside 6 and 8.
  require_counted(house, {2, 9});
}

TEST_CASE("what the runner said of the quality counts as one") {
  House house;
  house.post(scored("a", 0, 3, house.now(), 4));
  require_counted(house, {3, 12});
  CHECK(house.said({assessed_by("judge", "a-1", 6)}).accepted == 1);
  require_counted(house, {3, 13});
  house.restart();
  CHECK(house.said({assessed_by("other", "a-1", 2)}).accepted == 1);
  CHECK(house.said({assessed_by("other", "a-1", 2)}).duplicates == 1);
  require_counted(house, {3, 12});
  house.require_everywhere(3);
}

TEST_CASE("an assessment that is there before its execution waits for it, over a restart") {
  House house;
  CHECK(house.said({assessed_by("judge", "a-0", 4), assessed_by("other", "a-0", 7)}).waiting == 2);
  CHECK(house.said({assessed_by("judge", "a-0", 4)}).duplicates == 1);
  CHECK(house.said({assessed_by("judge", "a-0", 5)}).waiting == 1);  // and says something else now
  house.restart();
  house.post(executions("a", 0, 1, house.now()));
  for (int step = 0; step < 5; ++step) house.spine->step();
  require_counted(house, {1, 6});
  // It waits no more.
  house.clock.advance(25 * kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  require_counted(house, {1, 6});
}

TEST_CASE("assessments whose execution never comes count assessed_by themselves after a day") {
  House house;
  CHECK(house.said({assessed_by("judge", "a-0", 4), assessed_by("other", "a-0", 7)}).waiting == 2);
  house.clock.advance(25 * kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  require_counted(house, {1, 5.5});
  CHECK(house.said({assessed_by("third", "a-0", 8)}).accepted == 1);
  require_counted(house, {1, 19.0 / 3});
  // Should it come after all, it has a quality of its own.
  house.post(executions("a", 0, 1, house.now()));
  CHECK(house.said({assessed_by("judge", "a-0", 1)}).accepted == 1);
  require_counted(house, {2, 19.0 / 3 + 1});
}

TEST_CASE("who assesses an execution that never comes later than others counts with them") {
  House house;
  CHECK(house.said({assessed_by("judge", "a-0", 4)}).waiting == 1);
  house.clock.advance(kHourMs);
  CHECK(house.said({assessed_by("other", "a-0", 7)}).waiting == 1);
  house.clock.advance(23 * kHourMs + 60'000);
  for (int step = 0; step < 3; ++step) house.turn();
  require_counted(house, {1, 5.5});
  house.clock.advance(2 * kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  require_counted(house, {1, 5.5});
}

TEST_CASE("what an evaluator says while its first word is looked for replaces that") {
  House house;
  HeldReads held(house);
  const auto say = [&](double clarity) {
    REQUIRE(house.spine->submit({assessed_by("judge", "a-0", clarity)},
                                [](const Result<SignalsOutcome>& outcome) { REQUIRE(outcome); }));
    house.spine->step();
  };
  say(4);
  held.run_all();  // and waits
  house.post(executions("a", 0, 1, house.now()));
  REQUIRE(held.reads.size() == 1);  // of the one that waits
  const auto late = std::exchange(held.reads, {});
  say(9);
  held.run_all();
  require_counted(house, {1, 9});
  for (const auto& read : late) read();
  held.run_all();
  require_counted(house, {1, 9});
}

TEST_CASE("an execution of a day that raw events do not cover is not assessed any more") {
  events::Options log_options;
  log_options.raw_retention_ms = 48 * kHourMs;
  House house({}, log_options);
  const TimeMs midnight = house.now() / (24 * kHourMs) * (24 * kHourMs);
  house.clock.advance(midnight + 30 * kHourMs - house.now());
  house.post(scored("a", 0, 1, house.now(), 4));  // at 6 in the morning
  house.clock.advance(44 * kHourMs);              // its day began before what is kept
  CHECK(house.said({assessed_by("judge", "a-0", 8)}).waiting == 1);
  require_counted(house, {1, 4});
  for (int step = 0; step < 20; ++step) house.turn();  // looked for, and found to be too old
  require_counted(house, {1, 4});
  house.clock.advance(25 * kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  CHECK(in_cells(house, series::Resolution::minute) == Counted{1, 4});
  REQUIRE(house.maintenance->fold_all());
  CHECK(in_cells(house, series::Resolution::minute) == Counted{2, 12});
}

TEST_CASE("saying the same twice in one request counts once") {
  House house;
  house.post(executions("a", 0, 1, house.now()));
  const auto outcome = house.said({assessed_by("judge", "a-0", 4), assessed_by("judge", "a-0", 4)});
  CHECK(outcome.accepted == 1);
  CHECK(outcome.duplicates == 1);
  require_counted(house, {1, 4});
}

TEST_CASE("no more evaluators wait for an execution than may assess it") {
  House house;
  std::vector<model::Signal> many;
  for (std::size_t i = 0; i <= model::kEvaluatorsMax; ++i) {
    many.push_back(assessed_by("judge-" + std::to_string(i), "a-0", 5));
  }
  const auto outcome = house.said(many);
  CHECK(outcome.waiting == model::kEvaluatorsMax);
  CHECK(outcome.refused == 1);
  CHECK(house.said({assessed_by("one more", "a-0", 5)}).refused == 1);
}

TEST_CASE("no execution has more evaluators than can be kept") {
  House house;
  house.post(executions("a", 0, 1, house.now()));
  std::vector<model::Signal> many;
  for (std::size_t i = 0; i <= model::kEvaluatorsMax; ++i) {
    many.push_back(assessed_by("judge-" + std::to_string(i), "a-0", 5));
  }
  const auto outcome = house.said(many);
  CHECK(outcome.accepted == model::kEvaluatorsMax);
  CHECK(outcome.refused == 1);
  CHECK(outcome.why == "at most 32 evaluators may assess one execution");
  CHECK(house.said({assessed_by("one more", "a-0", 5)}).refused == 1);
  require_counted(house, {1, 5});
}

TEST_CASE("two requests may be the first to assess one execution") {
  House house;
  HeldReads held(house);
  house.post(executions("a", 0, 1, house.now()));
  std::uint32_t accepted = 0;
  for (const char* evaluator : {"judge", "other"}) {
    REQUIRE(house.spine->submit({assessed_by(evaluator, "a-0", evaluator[0] == 'j' ? 4 : 8)},
                                [&accepted](const Result<SignalsOutcome>& outcome) {
                                  REQUIRE(outcome);
                                  accepted += outcome->accepted;
                                }));
  }
  house.spine->step();
  REQUIRE(held.reads.size() == 2);  // neither sees the other
  held.run_all();
  CHECK(accepted == 2);
  require_counted(house, {1, 6});
}

TEST_CASE("whatever evaluators say in whatever order, cells are what their consensus makes") {
  const auto seed = GENERATE(range(1U, 9U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto pick = [&random](int below) { return static_cast<int>(random() % below); };
  House house;
  std::map<std::string, std::vector<model::Assessment>> model;
  std::vector<std::string> ids;
  for (int turn = 0; turn < 60; ++turn) {
    if (ids.empty() || pick(4) == 0) {
      const std::string prompt = "p" + std::to_string(turn);
      const int own = pick(3) == 0 ? pick(11) : -1;
      const TimeMs time = house.now() - pick(72) * kHourMs;
      house.post(own < 0 ? executions(prompt, 0, 5, time) : scored(prompt, 0, 5, time, own));
      for (int i = 0; i < 5; ++i) {
        ids.push_back(prompt + '-' + std::to_string(i));
        auto& opinions = model[ids.back()];
        if (own >= 0) {
          model::assess(opinions, {"",
                                   {static_cast<double>(own), model::kAbsent, model::kAbsent,
                                    model::kAbsent, model::kAbsent}});
        }
      }
    }
    std::vector<model::Signal> said;
    for (int i = pick(6); i >= 0; --i) {
      const std::string& id = ids[static_cast<std::size_t>(pick(static_cast<int>(ids.size())))];
      said.push_back(assessed_by("judge-" + std::to_string(pick(4)), id, pick(11)));
      model::assess(model[id], model::assessment_of(said.back()));
    }
    const auto outcome = house.said(said);
    REQUIRE(outcome.accepted + outcome.duplicates == said.size());
    house.clock.advance(pick(3) * 60'000);
    if (pick(5) == 0) house.maintenance->step();
    if (pick(15) == 0) house.restart();
  }
  const std::map<std::string, double> counts = by_execution(house);
  Counted expected;
  for (const auto& [id, opinions] : model) {
    const double clarity = model::consensus(opinions)[0];
    if (std::isnan(clarity)) continue;
    expected.add(clarity);
    CAPTURE(id);
    REQUIRE(counts.count(id) == 1);
    REQUIRE(counts.at(id) == Approx(clarity));
  }
  require_counted(house, expected);
  house.require_everywhere(ids.size());
}
