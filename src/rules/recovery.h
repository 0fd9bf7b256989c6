#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include <vitals/model/alert.h>
#include <vitals/rules/incidents.h>

namespace vitals::rules {

// What an alert's story says of its action.
inline constexpr std::string_view kActionRequested = "action requested";
inline constexpr std::string_view kActionHeldBack = "action held back";
inline constexpr std::string_view kActionSucceeded = "action succeeded";
inline constexpr std::string_view kActionFailed = "action failed";

/// When each recovery action was called, so that its rate limit holds, over restarts too.
class Recovery {
 public:
  /// What an alert's own story says of its action. In any order.
  void remember(const model::Alert& alert) {
    if (!alert.action) return;
    for (const model::AlertEntry& entry : alert.timeline) {
      if (entry.what == kActionRequested) requests_[alert.action->name].push_back(entry.at);
    }
  }

  /// Whether the action may be called now; if so, it counts as called.
  bool allow(const std::string& action, const ActionPolicy& policy, TimeMs now) {
    std::deque<TimeMs>& times = requests_[action];
    std::erase_if(times, [&](TimeMs at) { return at <= now - policy.per_ms; });
    if (times.size() >= policy.requests_max) return false;
    times.push_back(now);
    return true;
  }

 private:
  std::map<std::string, std::deque<TimeMs>> requests_;
};

}  // namespace vitals::rules
