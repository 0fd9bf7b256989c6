#pragma once

#include <map>
#include <string>
#include <vector>

#include <vitals/backtest/report.h>
#include <vitals/model/alert.h>
#include <vitals/rules/rule.h>

namespace vitals::backtest {

/// Adds up the alerts of one rule while time goes on.
class Tally {
 public:
  explicit Tally(const rules::Rule& rule) : rule_(rule.name), group_by_(rule.group_by) {}

  /// An alert that is open, as it is now.
  void see(const model::Alert& open);
  /// An alert whose status has changed now.
  void change(const model::Alert& alert, TimeMs now);

  /// Everything in the report that is about alerts.
  Report finish(TimeMs from, TimeMs end);

 private:
  using Labels = std::map<std::string, std::string>;
  struct Going {
    Labels group;
    Incident incident;
    double direction = 0;  ///< in which values are worse: 1 or -1; 0: not known yet
  };
  static void worsen(Going& going, const model::Alert& alert);
  Labels group_of(const model::Alert& alert) const;
  void end(Going going, TimeMs now);
  GroupReport* find_or_add(const Labels& group);

  const std::string rule_;
  const std::vector<std::string> group_by_;
  std::map<std::string, Going> going_;  ///< by alert id
  std::map<Labels, GroupReport> groups_;
  std::size_t listed_ = 0;  ///< incidents
  std::size_t firing_ = 0;  ///< alerts at present …
  TimeMs firing_since_ = 0;
  DurationMs any_firing_ms_ = 0;
  Report report_;
};

}  // namespace vitals::backtest
