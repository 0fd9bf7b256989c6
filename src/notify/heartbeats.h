#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/net/calls.h>
#include <vitals/telemetry/registry.h>

#include "plan.h"

namespace vitals::notify {

/// Dead man's switch: receivers that are told again and again that we are well, and raise the alarm
/// when they are not. Nothing of it is stored: a late sign of life is worth nothing.
class Heartbeats {
 public:
  Heartbeats(telemetry::Registry& telemetry, Logger logger)
      : telemetry_(telemetry), logger_(std::move(logger)) {}

  void use(std::shared_ptr<const Plan> plan);
  /// The spine is well. Thread-safe.
  void alive(TimeMs now);
  /// Begins what is due; `next_number` counts calls. Returns when something is due again.
  TimeMs run(TimeMs now, net::Calls& calls, std::uint64_t& next_number);
  /// Whether the answer was to a heartbeat.
  bool take(const net::Calls::Answered& answered, TimeMs now);

 private:
  struct Beat {
    telemetry::Counter* delivered;
    telemetry::Counter* failed;
    TimeMs due_at = 0;
    std::optional<std::uint64_t> under_way;  ///< its call
    bool failing = false;                    ///< the last one did
  };
  bool well(TimeMs now) const;
  telemetry::Counter& counter(const std::string& receiver, const char* outcome);

  telemetry::Registry& telemetry_;
  Logger logger_;
  std::shared_ptr<const Plan> plan_;
  std::map<std::string, Beat> beats_;  ///< by receiver, also of those that are over
  std::atomic<TimeMs> alive_at_{0};
  std::atomic<DurationMs> between_ms_{0};  ///< the last two signs of life
};

}  // namespace vitals::notify
