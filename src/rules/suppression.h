#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/alert.h>
#include <vitals/model/silence.h>
#include <vitals/rules/incidents.h>

namespace vitals::rules {

using OpenAlerts = std::map<std::string, model::Alert>;  ///< by id

/// Tells which open alerts nobody should hear of at one moment, and why. For one pass over them.
class Suppression {
 public:
  /// All arguments must outlive it.
  Suppression(const std::vector<model::Silence>& silences,
              const std::vector<Inhibition>& inhibitions, const OpenAlerts& open, TimeMs now);

  /// `silence ID`, `alert ID`, or "" when nothing keeps it quiet.
  std::string suppressor_of(const model::Alert& alert) const;

 private:
  using Values = std::vector<std::string>;
  struct Inhibitor {
    const Inhibition* inhibition;
    /// Ids of active sources by their values of the equal labels; two are enough to find one that
    /// is not the target itself.
    std::map<Values, std::vector<std::string>> sources;
  };

  std::vector<const model::Silence*> silences_;  ///< in force
  std::vector<Inhibitor> inhibitors_;
};

}  // namespace vitals::rules
