#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/base/result.h>
#include <vitals/model/persons.h>
#include <vitals/pipeline/alert_book.h>
#include <vitals/pipeline/spine.h>
#include <vitals/registry/silences.h>
#include <vitals/rules/incidents.h>

#include "history_reader.h"
#include "rule_set.h"

namespace vitals::pipeline {

/// The spine's part that is about alerts: rules on windows, what becomes of incidents, and saving
/// both together with the notifications. Only the spine's thread touches it, what is
/// published apart.
class Alerting {
 public:
  /// Runs something on the spine's thread later, from any thread.
  using Post = std::function<void(std::function<void()>)>;
  /// What is done to alerts that are carried over.
  using Edit = std::function<void(model::Alert&)>;
  /// `failed` counts commits that the store refused.
  static Result<std::unique_ptr<Alerting>> make(const SpineParts& parts, const Options& options,
                                                telemetry::Counter& failed, Post post);

  Status use(std::vector<rules::Rule> rules, const Edit& edit = {});
  Status refill_windows() { return use(rule_set_.evaluator->rules()); }
  /// No alert, silence or window, saved or not, names these persons any more; returns how many
  /// saved alerts did.
  Result<std::uint64_t> forget(const model::Persons& persons);
  void use(rules::IncidentOptions options);

  void apply(const model::ExecutionBatch& rows, TimeMs now) { rule_set_.windows->apply(rows, now); }
  /// Components that are not well, and why, as of the next evaluate().
  void health(std::map<std::string, std::string> unwell) {
    rule_set_.evaluator->health(std::move(unwell));
  }
  /// Judges the rules. False when there was too much for once: the rest is for another evaluate(),
  /// soon. turn() is due afterwards.
  bool evaluate(TimeMs now);
  /// Goes on with what is to be done, a part of it: many alerts at once must not hold up writers.
  void turn(TimeMs now);
  /// When turn() is due: now or earlier when there is more; max() when nothing is to be done, or
  /// the store takes nothing: then evaluate() tries again.
  TimeMs due() const;
  /// What it changes is saved when it returns.
  Result<model::Alert> command(const Spine::IncidentCommand& command, TimeMs now);
  Status silence(const model::Silence& silence, TimeMs now);

  /// The last commit was taken.
  bool saving() const { return saving_; }

  std::shared_ptr<const std::vector<rules::Rule>> published_rules() const;
  /// Thread-safe too.
  std::shared_ptr<const std::vector<rules::LiveValue>> live_values() const;

 private:
  Alerting(const SpineParts& parts, const Options& options, telemetry::Counter& failed, Post post,
           AlertBook book, registry::Silences silences);
  Status restore();
  void later(std::function<void(TimeMs now)> work);
  void publish();
  void settle(TimeMs now);
  bool add_mark(store::WriteBatch& changes);
  void save();
  void ask_for_diagnoses();
  void log(const rules::Change& change) const;

  const SpineParts& parts_;
  const std::size_t groups_max_;
  const Post post_;
  const AlertBook book_;
  const registry::Silences silence_book_;
  const TimeMs started_at_;
  TimeMs evaluated_at_ = 0;  ///< the last time, if need be of the run before; 0: not known
  TimeMs marked_at_ = 0;     ///< the last that is stored
  telemetry::Counter& failed_;
  telemetry::Counter& groups_refused_;

  HistoryReader history_;
  rules::Incidents incidents_;
  std::vector<model::Silence> silences_;
  RuleSet rule_set_;
  std::deque<model::Alert> judged_;    ///< changed by the rules, not taken by incidents_ yet
  std::deque<rules::Change> unsaved_;  ///< no commit has taken them yet
  bool saving_ = true;                 ///< the last commit was taken
  bool published_ = true;              ///< the values of the last evaluate()
  bool any_open_ = false;              ///< alerts, as of what is published
  Guarded<std::shared_ptr<const std::vector<rules::Rule>>> published_rules_;
  Guarded<std::shared_ptr<const std::vector<rules::LiveValue>>> live_values_;
};

}  // namespace vitals::pipeline
