#include <set>

#include <fmt/format.h>

#include <vitals/notify/receiver.h>

#include "channel.h"
#include "plan.h"
#include "target_check.h"

namespace vitals::notify {
namespace {

using Names = std::set<std::string>;

Error wrong(std::string message) { return {Errc::invalid_argument, std::move(message)}; }

Status check_own(const Receiver& receiver) {
  if (receiver.name.empty() || receiver.name.size() > 128 || !is_printable(receiver.name)) {
    return refuse("name", "must be 1 to 128 printable characters");
  }
  if (receiver.timeout_ms < 100 || receiver.timeout_ms > 300'000) {
    return refuse("timeout", "must be from 100ms to 5m");
  }
  if (receiver.rate_max > 0 && receiver.rate_per_ms < 1) return refuse("rate", "needs a time");
  if (receiver.external_url.empty()) return {};
  return check_url("external_url", receiver.external_url);
}

Status check_receiver(const Receiver& receiver) {
  auto status = check_own(receiver);
  if (status && is_action(receiver.name)) {
    status = refuse("name", "must not begin with 'action:', as the destinations of actions do");
  }
  if (status) status = validate(receiver.target);
  if (status) return status;
  return wrong(fmt::format("receiver '{}': {}", receiver.name, status.error().message));
}

Status check_known(const char* where, const std::string& name, const Names& known) {
  if (known.count(name) != 0) return {};
  return wrong(fmt::format("{}: there is no receiver '{}'", where, name));
}

Status check_route(const Route& node, const Names& known) {
  if (!node.receiver.empty()) {
    if (auto status = check_known("routes", node.receiver, known); !status) return status;
  }
  for (const std::string& name : node.escalate) {
    if (auto status = check_known("routes: escalate", name, known); !status) return status;
  }
  for (const Route& child : node.routes) {
    if (auto status = check_route(child, known); !status) return status;
  }
  return {};
}

Status check_actions(const std::vector<Action>& actions) {
  Names names;
  for (const Action& action : actions) {
    Receiver receiver;
    receiver.name = action.name;
    receiver.timeout_ms = action.timeout_ms;
    receiver.target = action.webhook;
    auto status = check_own(receiver);
    if (status) status = validate(receiver.target);
    if (!status) {
      return wrong(fmt::format("action '{}': {}", action.name, status.error().message));
    }
    if (!names.insert(action.name).second) {
      return wrong(fmt::format("action '{}' is there twice", action.name));
    }
  }
  return {};
}

Status check_heartbeats(const Options& options, const Names& known) {
  for (const Heartbeat& heartbeat : options.heartbeats) {
    if (auto status = check_known("heartbeats", heartbeat.receiver, known); !status) return status;
    for (const Receiver& receiver : options.receivers) {
      if (receiver.name != heartbeat.receiver) continue;
      if (auto status = check_heartbeat(receiver); !status) {
        return refuse("heartbeats", status.error().message);
      }
    }
    if (heartbeat.every_ms < 1'000) return refuse("heartbeats", "every: must be at least 1s");
  }
  return {};
}

}  // namespace

Status check_heartbeat(const Receiver& receiver) {
  const auto call = make_channel(receiver)->heartbeat(0);
  if (call) return {};
  return wrong(fmt::format("receiver '{}': {}", receiver.name, call.error().message));
}

Status validate(const Options& options) {
  Names names;
  for (const Receiver& receiver : options.receivers) {
    if (auto status = check_receiver(receiver); !status) return status;
    if (!names.insert(receiver.name).second) {
      return wrong(fmt::format("receiver '{}' is there twice", receiver.name));
    }
  }
  if (options.retry_min_ms < 1 || options.retry_max_ms < options.retry_min_ms) {
    return wrong("retries: the first wait must be positive and at most the longest");
  }
  if (options.give_up_ms < 0) return wrong("retries: give up must not be negative");
  if (auto status = check_actions(options.actions); !status) return status;
  if (auto status = check_heartbeats(options, names); !status) return status;
  return check_route(options.routes, names);
}

}  // namespace vitals::notify
