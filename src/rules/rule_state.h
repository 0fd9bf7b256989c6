#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/uuid.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>
#include <vitals/window/windows.h>

#include "annotation.h"

namespace vitals::rules {

/// Moment of an evaluation.
struct Moment {
  TimeMs now;
  TimeMs listening_since;
  DurationMs memory_ms;  ///< Windows::memory_ms()
};

/// One rule with its open alerts, by group: the state machine of the alert.
class RuleState {
 public:
  /// `metric` is null for a rule of absence.
  static Result<RuleState> make(Rule rule, const metrics::Metric* metric);

  const Rule& rule() const { return rule_; }
  window::Spec window_spec() const;

  /// Takes over an alert of this rule; false when its labels are not those of a group any more.
  bool restore(const model::Alert& alert);

  /// Judges one group that the window knows; adds the alert to `changed` if its status changed.
  void judge(const window::GroupView& group, const Moment& moment, UuidGenerator& ids,
             std::vector<model::Alert>& changed);

  /// Judges the groups of open alerts that were not visited since the last call: the window has
  /// forgotten them, or does not know them yet.
  void judge_unvisited(const Moment& moment, UuidGenerator& ids,
                       std::vector<model::Alert>& changed);

  void append_open(std::vector<model::Alert>& out) const;

 private:
  struct Entry {
    model::Alert alert;
    bool visited = false;
  };
  using Open = std::map<Labels, Entry>;

  RuleState() = default;
  const Absence* absence() const { return std::get_if<Absence>(&rule_.condition); }
  Reading compare(const metrics::Cell& cell) const;
  Reading silence(TimeMs last_event_ms, const model::Alert* open, const Moment& moment) const;
  void step(const Labels& group, const Reading& reading, Open::iterator open, TimeMs now,
            UuidGenerator& ids, std::vector<model::Alert>& changed);
  model::Alert fresh(const Labels& group, TimeMs now, UuidGenerator& ids) const;
  model::Alert annotated(model::Alert alert) const;

  Rule rule_;
  const metrics::Metric* metric_ = nullptr;
  RuleWords words_;
  std::map<std::string, Annotation> annotations_;
  Open open_;
  bool visited_ungrouped_ = false;
};

}  // namespace vitals::rules
