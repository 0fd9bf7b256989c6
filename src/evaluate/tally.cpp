#include "tally.h"

#include <utility>

#include <vitals/base/clock.h>

namespace vitals::evaluate {
namespace {

telemetry::Counter& counter(telemetry::Registry& telemetry, const std::string& evaluator,
                            const char* result) {
  return telemetry.counter("vitals_evaluations_total",
                           "Executions of an evaluator's sample, by what became of them.",
                           {{"evaluator", evaluator}, {"result", result}});
}

}  // namespace

Tally::Tally(telemetry::Registry& telemetry, const std::string& evaluator)
    : accepted(counter(telemetry, evaluator, "accepted")),
      no_opinion(counter(telemetry, evaluator, "no_opinion")),
      failed(counter(telemetry, evaluator, "failed")),
      over_budget(counter(telemetry, evaluator, "over_budget")),
      too_late(counter(telemetry, evaluator, "too_late")),
      in_flight(telemetry.gauge("vitals_evaluations_in_flight",
                                "Requests to an evaluator that are under way.",
                                {{"evaluator", evaluator}})),
      seconds(telemetry.histogram("vitals_evaluation_seconds",
                                  "What requests to an evaluator take.",
                                  {0.1, 0.3, 1, 3, 10, 30, 100}, {{"evaluator", evaluator}})) {}

Standing Tally::standing(const std::string& evaluator) const {
  return {evaluator,
          accepted.value(),
          no_opinion.value(),
          failed.value(),
          over_budget.value(),
          too_late.value(),
          static_cast<std::uint64_t>(in_flight.value())};
}

Complaints::Complaints(Logger logger, std::string evaluator)
    : logger_(std::move(logger)), evaluator_(std::move(evaluator)) {}

void Complaints::say(const std::string& reason, TimeMs now) {
  constexpr std::size_t kReasonsMax = 16;
  if (const std::int64_t hour = now / kHourMs; hour != hour_) {
    hour_ = hour;
    said_.clear();
  }
  if (said_.size() < kReasonsMax && said_.insert(reason).second) {
    logger_->warn("evaluator '{}': {} (told once an hour)", evaluator_, reason);
  }
}

}  // namespace vitals::evaluate
