#pragma once

#include <cstdint>
#include <set>
#include <string>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/evaluate/standing.h>
#include <vitals/telemetry/registry.h>

namespace vitals::evaluate {

/// What became of the executions that an evaluator was to be asked about.
struct Tally {
  Tally(telemetry::Registry& telemetry, const std::string& evaluator);

  Standing standing(const std::string& evaluator) const;

  telemetry::Counter& accepted;
  telemetry::Counter& no_opinion;
  telemetry::Counter& failed;
  telemetry::Counter& over_budget;
  telemetry::Counter& too_late;
  telemetry::Gauge& in_flight;
  telemetry::Histogram& seconds;  ///< of one request
};

/// Says in the log what is wrong with an evaluator: each reason once an hour, and not endlessly
/// many. Not thread-safe.
class Complaints {
 public:
  Complaints(Logger logger, std::string evaluator);
  void say(const std::string& reason, TimeMs now);

 private:
  Logger logger_;
  std::string evaluator_;
  std::int64_t hour_ = 0;
  std::set<std::string> said_;  ///< in this hour
};

}  // namespace vitals::evaluate
