#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/uuid.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/rules/evaluator.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>

#include "annotation.h"
#include "conditions.h"

namespace vitals::rules {

/// Where alerts whose status changed go.
struct Changes {
  UuidGenerator& ids;
  std::vector<model::Alert>& alerts;
  std::size_t& room;  ///< for so many more; those that find none change in the next evaluation
};

/// One rule with its open alerts, by group: the state machine of the alert.
class RuleState {
 public:
  /// `metric` is null where the condition has none; `group_fields` are those that its groups have.
  static Result<RuleState> make(Rule rule, const metrics::Metric* metric,
                                std::vector<std::string> group_fields);

  const Rule& rule() const { return rule_; }
  const metrics::Metric* metric() const { return metric_; }
  const std::vector<std::string>& group_fields() const { return group_fields_; }

  /// Takes over an alert of this rule; false when its labels are not those of a group any more.
  /// Nobody looked for `blind_ms` since it was saved.
  bool restore(const model::Alert& alert, DurationMs blind_ms);

  /// Takes what the condition says of a group; adds the alert to `changes` if its status changed.
  void take(const Labels& group, const Reading& reading, const Moment& moment, Changes changes);

  /// Asks for readings of the groups of open alerts that were not taken since the last call.
  template <class Read>
  void take_others(const Read& read, const Moment& moment, Changes changes) {
    for (auto at = open_.begin(); at != open_.end();) {
      const auto open = at++;  // step() may erase it
      if (!std::exchange(open->second.taken, false)) {
        step(open, read(open->second.alert), moment, changes);
      }
    }
  }

  /// The open alert of a group; null without one.
  const model::Alert* open(const Labels& group) const;
  bool any_open() const { return !open_.empty(); }
  void append_open(std::vector<model::Alert>& out) const;
  void append_values(std::vector<LiveValue>& out) const;
  /// The groups whose alerts fire.
  std::vector<const Labels*> firing() const;

 private:
  struct Entry {
    model::Alert alert;
    std::map<std::string, std::string> words = {};  ///< of the last reading
    TimeMs well_since = 0;                          ///< 0 while it is not
    TimeMs held_at = 0;                             ///< the last reading that held; 0: none yet
    bool taken = false;                             ///< since the last take_others()
    bool judged = false;                            ///< since it was made or restored
    bool is_new = false;                            ///< as it is now, nobody has seen it
  };
  using Open = std::map<Labels, Entry>;

  RuleState() = default;
  void step(Open::iterator open, const Reading& reading, const Moment& moment, Changes changes);
  /// Nothing has been known of its group for so long that nobody waits for it any more.
  bool is_retired(const Entry& entry, const Moment& moment) const;
  bool may_begin(TimeMs now) const { return !rule_.schedule || rule_.schedule->contains(now); }
  model::AlertStatus next_status(Entry& entry, const Reading& reading, const Moment& moment) const;
  model::Alert fresh(const Labels& group, TimeMs now, UuidGenerator& ids) const;
  void annotate(const Entry& entry, model::Alert& alert) const;

  Rule rule_;
  const metrics::Metric* metric_ = nullptr;
  std::vector<std::string> group_fields_;
  RuleWords words_;
  std::map<std::string, Annotation> annotations_;
  Open open_;
};

}  // namespace vitals::rules
