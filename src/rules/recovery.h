#pragma once

#include <iterator>
#include <map>
#include <set>
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
inline constexpr std::string_view kDryRun = ", dry run";  ///< in the entry's text

/// When each recovery action was called, so that its rate limit holds, over restarts too. Dry runs
/// do not count.
class Recovery {
 public:
  /// What an alert's own story says of its action. In any order.
  void remember(const model::Alert& alert) {
    if (!alert.action) return;
    for (const model::AlertEntry& entry : alert.timeline) {
      if (entry.what == kActionRequested && !is_dry_run(entry.text)) {
        called(alert.action->name, entry.at);
      }
    }
  }

  void called(const std::string& action, TimeMs at) { calls_[action].insert(at); }

  /// Until when the action's rate limit holds it back; 0: it may be called now.
  TimeMs held_until(const std::string& action, const ActionPolicy& policy, TimeMs now) {
    std::multiset<TimeMs>& times = calls_[action];
    times.erase(times.begin(), times.upper_bound(now - policy.per_ms));
    if (times.size() < policy.requests_max) return 0;
    return *std::prev(times.end(), policy.requests_max) + policy.per_ms;
  }

 private:
  /// Of an entry `NAME[, back to VERSION][, dry run][: COMMENT]`.
  static bool is_dry_run(std::string_view text) {
    return text.substr(0, text.find(": ")).ends_with(kDryRun);
  }

  std::map<std::string, std::multiset<TimeMs>> calls_;
};

}  // namespace vitals::rules
