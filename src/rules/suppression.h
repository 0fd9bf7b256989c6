#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/alert.h>
#include <vitals/model/silence.h>
#include <vitals/rules/incidents.h>

namespace vitals::rules {

/// Knows what keeps active alerts quiet: silences, and other active alerts. It is told of each that
/// begins and ends, so that a change costs as much as there are alerts that it concerns.
class Suppression {
 public:
  /// Told the ids of alerts that may have to be heard, or kept quiet, from now on.
  using Concerned = std::function<void(const std::string& id)>;

  /// Forgets which alerts are active: begin() each anew.
  void inhibit(std::vector<Inhibition> inhibitions);
  void silence(std::vector<model::Silence> silences) { silences_ = std::move(silences); }

  void begin(const model::Alert& alert, const Concerned& concerned);
  void end(const model::Alert& alert, const Concerned& concerned);

  /// `silence ID`, `alert ID`, or "" when nothing keeps it quiet.
  std::string suppressor_of(const model::Alert& alert, TimeMs now) const;
  /// When the next silence begins or ends; max() when none does.
  TimeMs next_silence(TimeMs now) const;

 private:
  using Ids = std::set<std::string>;  ///< oldest first
  using Values = std::vector<std::string>;
  struct Group {
    Ids sources, targets;
    Ids outside;  ///< sources that are not targets
  };
  struct Inhibited {
    Inhibition inhibition;
    std::map<Values, Group> groups;  ///< of active alerts, by their values of the equal labels
  };

  std::vector<model::Silence> silences_;
  std::vector<Inhibited> inhibited_;
};

}  // namespace vitals::rules
