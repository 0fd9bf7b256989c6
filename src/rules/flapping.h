#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <vitals/model/alert.h>

namespace vitals::rules {

/// Remembers when each rule's group began to fire lately, to tell those that come and go.
class Flapping {
 public:
  /// A group of a rule began to fire; how often it has since `since`, this time included. In any
  /// order of time.
  std::size_t fired(const model::Alert& alert, TimeMs since) {
    std::vector<TimeMs>& times = times_[{alert.rule, alert.labels}];
    times.push_back(alert.firing_since);
    std::erase_if(times, [since](TimeMs time) { return time < since; });
    return times.size();
  }

  /// Forgets groups that have not fired since.
  void forget(TimeMs before) {
    std::erase_if(times_, [before](const auto& entry) {
      return std::all_of(entry.second.begin(), entry.second.end(),
                         [before](TimeMs time) { return time < before; });
    });
  }

 private:
  using Group = std::pair<std::string, std::map<std::string, std::string>>;
  std::map<Group, std::vector<TimeMs>> times_;
};

}  // namespace vitals::rules
