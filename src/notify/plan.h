#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <vitals/base/clock.h>
#include <vitals/notify/receiver.h>

#include "channel.h"

namespace vitals::notify {

/// Somebody to whom rows go: a receiver, or the webhook of an action.
struct Destination {
  const char* kind = "action";  ///< of channel, as in the configuration file
  std::unique_ptr<const Channel> channel;
  const WebhookTarget* webhook = nullptr;  ///< where it is one
  DurationMs timeout_ms = 0;
  DurationMs give_up_ms = 0;
  std::uint32_t rate_max = 0;
  DurationMs rate_per_ms = 1;
};

/// The options, made ready to be worked from. Immutable.
struct Plan {
  explicit Plan(Options given);
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// Null when it is not configured (any more).
  const Destination* find(const std::string& name) const;

  const Options options;
  std::map<std::string, Destination> destinations;
};

/// The destination of an action; no receiver has such a name.
std::string destination_of_action(const std::string& action);
bool is_action(const std::string& destination);

}  // namespace vitals::notify
