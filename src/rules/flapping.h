#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include <vitals/model/alert.h>

namespace vitals::rules {

/// Remembers when each rule's group began to fire lately, to tell those that come and go.
class Flapping {
 public:
  /// A group of a rule began to fire; how often it has since `since`, this time included.
  std::size_t fired(const model::Alert& alert, TimeMs since) {
    std::deque<TimeMs>& times = times_[{alert.rule, alert.labels}];
    times.push_back(alert.firing_since);
    while (!times.empty() && times.front() < since) times.pop_front();
    return times.size();
  }

  /// Forgets groups that have not fired since.
  void forget(TimeMs before) {
    std::erase_if(times_, [before](const auto& entry) { return entry.second.back() < before; });
  }

 private:
  using Group = std::pair<std::string, std::map<std::string, std::string>>;
  std::map<Group, std::deque<TimeMs>> times_;  ///< never empty
};

}  // namespace vitals::rules
