#include <algorithm>

#include <vitals/base/time_text.h>
#include <vitals/query/engine.h>

#include "assessments.h"
#include "comments.h"
#include "errors.h"
#include "executions.h"
#include "fields.h"
#include "journeys.h"
#include "metric_query.h"
#include "reading.h"
#include "signals.h"

namespace vitals::query {

struct Engine::State {
  Sources sources;
  Logger logger;
  telemetry::Histogram& seconds;
  telemetry::Counter& failures;

  /// Runs a query, measures it, and names it in the log when it was slow. `describe` makes the name
  /// from the result.
  template <class Run, class Describe>
  auto timed(Run&& run, Describe&& describe) const {
    const std::int64_t start_us = sources.clock.monotonic_us();
    auto result = run();
    const std::int64_t took_us = sources.clock.monotonic_us() - start_us;
    seconds.observe(static_cast<double>(took_us) / 1e6);
    if (!result) failures.add();
    if (took_us / 1000 > sources.options.slow_query_ms) {
      logger->warn("slow query: {} ms, {}, {}", took_us / 1000, describe(result),
                   result.ok() ? "answered" : result.error().message);
    }
    return result;
  }
};

namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
  return all;
}

std::string range_text(TimeMs from_ms, TimeMs to_ms) {
  return format_rfc3339(from_ms) + " to " + format_rfc3339(to_ms);
}

std::string describe(const MetricRequest& request, const Result<MetricAnswer>& answer) {
  std::string text = "metric " + request.metric + " from " +
                     range_text(request.from_ms, request.to_ms) + " by [" +
                     joined(request.group_by) + "] step " + std::to_string(request.step_ms) +
                     " ms filters " + std::to_string(request.filters.size());
  if (answer.ok()) {
    text +=
        " groups " + std::to_string(answer->groups.size()) + " resolution " + answer->resolution;
  }
  return text;
}

}  // namespace

Engine::Engine(store::Store& store, const events::EventLog& log, const series::Rollups& rollups,
               const metrics::Catalogue& catalogue, const Clock& clock, const Options& options,
               Logger logger, telemetry::Registry& telemetry, QueryThreads threads)
    : state_(new State{
          {store, log, rollups, catalogue, clock, options, Team(threads)},
          std::move(logger),
          telemetry.histogram("vitals_query_duration_seconds", "Time that queries took.",
                              telemetry::duration_bounds()),
          telemetry.counter("vitals_query_failures_total", "Queries answered with an error.")}) {}

Engine::~Engine() = default;

const Options& Engine::options() const { return state_->sources.options; }

Result<MetricAnswer> Engine::metric(const MetricRequest& request) const {
  return state_->timed([&] { return answer_metric(state_->sources, request); },
                       [&](const auto& answer) { return describe(request, answer); });
}

Result<ExecutionsPage> Engine::executions(const ExecutionsRequest& request) const {
  return state_->timed([&] { return page_executions(state_->sources, request); },
                       [&](const auto&) {
                         return "executions, limit " + std::to_string(request.limit) + " filters " +
                                std::to_string(request.filters.size());
                       });
}

Result<ErrorsAnswer> Engine::errors(const ErrorsRequest& request) const {
  return state_->timed([&] { return answer_errors(state_->sources, request); },
                       [&](const auto&) {
                         return "errors from " + range_text(request.from_ms, request.to_ms) +
                                " filters " + std::to_string(request.filters.size());
                       });
}

Result<CommentsAnswer> Engine::comments(const CommentsRequest& request) const {
  return state_->timed([&] { return answer_comments(state_->sources, request); },
                       [&](const auto&) {
                         return "comments from " + range_text(request.from_ms, request.to_ms) +
                                " filters " + std::to_string(request.filters.size());
                       });
}

Result<ExecutionsPage> Engine::execution(std::string_view id) const {
  const auto find = [&]() -> Result<ExecutionsPage> {
    const Reading reading(state_->sources);
    const auto found = reading.log.find(id);
    if (!found) return found.error();
    if (!*found) return Error{Errc::not_found, "no execution with this id is held"};
    ExecutionsPage page;
    const auto row = static_cast<std::uint32_t>((*found)->row);
    page.rows.append((*found)->block.rows, {&row, 1});
    if (Status added = add_signals(reading, page); !added) return std::move(added).error();
    return page;
  };
  return state_->timed(find, [](const auto&) { return "execution by id"; });
}

Result<Journeys> Engine::journeys(const JourneysRequest& request) const {
  return state_->timed(
      [&] { return follow_journeys(state_->sources, request); },
      [&](const auto&) { return "journeys from " + range_text(request.from_ms, request.to_ms); });
}

Result<AssessmentsAnswer> Engine::assessments(const AssessmentsRequest& request) const {
  return state_->timed([&] { return list_assessments(state_->sources, request); },
                       [&](const auto&) {
                         return "assessments from " + range_text(request.from_ms, request.to_ms);
                       });
}

Result<std::vector<std::string>> Engine::labels() const {
  return state_->timed([&] { return list_fields(state_->sources); },
                       [](const auto&) { return "labels"; });
}

Result<std::vector<std::string>> Engine::label_values(std::string_view field,
                                                      std::uint32_t limit) const {
  return state_->timed([&] { return list_values(state_->sources, field, limit); },
                       [&](const auto&) { return "values of " + std::string(field); });
}

}  // namespace vitals::query
