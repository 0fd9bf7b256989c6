#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/base/uuid.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>
#include <vitals/window/windows.h>

namespace vitals::rules {

/// What the rule of an open alert said of it at the last evaluation.
struct LiveValue {
  std::string alert;  ///< its id
  std::optional<double> value;
  std::uint64_t samples = 0;
  TimeMs at = 0;
};

/// Turns windows into alerts: pending → firing → resolved, per rule and group. Only the spine
/// touches it. It owns no storage: the caller saves every alert that evaluate() returns, and
/// hands the open ones back after a restart.
///
/// A reading (reading.h) begins an alert when it holds, but not outside the rule's schedule. Once
/// it fires, it goes on until the readings clear for keep_firing_ms. A pending one ends at once
/// when its reading does not hold.
///
/// A threshold holds for a group whose value lies beyond the bound, rests on at least min_samples
/// executions, and is certain enough. It clears when the value is at or within the clear level,
/// however few samples there are, and when the window is empty; but not while it is empty since an
/// outage of the daemon, whose events may still come.
///
/// An absence holds when the group's newest event is absent_ms old. Ungrouped, that goes also for
/// events that never came. Before an alert is open only time since listening_since() counts, so a
/// daemon that was down raises no alarm by coming back; an alert that is open stays open until an
/// event comes. A group whose alert has been open for Windows::memory_ms() without an event, so
/// that was silent for absent_ms more, is taken as retired: it resolves. So does an alert on
/// history of which nothing could be told, neither that it holds nor that it is well, for
/// memory_ms() since it held last.
class Evaluator {
 public:
  /// Registers the rules' windows. The catalogue and windows must outlive it. A `uuid_seed` of 0
  /// takes one from the operating system.
  /// Errors: invalid_argument naming rule, field and reason (unknown metric, …).
  static Result<std::unique_ptr<Evaluator>> make(std::vector<Rule> rules,
                                                 const metrics::Catalogue& catalogue,
                                                 window::Windows& windows,
                                                 std::uint64_t uuid_seed = 0);
  ~Evaluator();

  /// Since when events could have come in; default is the first evaluate(). A reload hands on the
  /// daemon's start, else each reload would start the clocks of absence anew.
  void listening_since(TimeMs start);

  /// So many alerts change in one evaluate(), so that a storm of them holds nobody up; the others
  /// do in the next one. Default is no limit.
  void changes_at_most(std::size_t most);
  /// The last evaluate() changed as many as it may: others are likely to wait.
  bool has_more() const;

  /// Takes over alerts that were pending or firing, as of `evaluated_at`, which is 0 if that is not
  /// known. Those whose rule is gone or groups otherwise now are resolved by the next evaluate().
  /// Time between then and listening_since() counts for no Rule::for_ms: a pending alert's
  /// pending_since is moved by it. Replay the log into the windows before that.
  void restore(std::vector<model::Alert> open, TimeMs evaluated_at);

  /// Components that are not well, and why; absent is well. Until the first call nothing is known,
  /// and nothing of them changes.
  void health(std::map<std::string, std::string> unwell);

  /// Rules (by index) whose history is to be read now, each returned once until it is answered.
  std::vector<std::size_t> due_history(TimeMs now);
  /// What read_history() said of one of them; evaluate() judges by the last answer. An error keeps
  /// the answer before. The rules must still be those that due_history() was asked of.
  void take_history(std::size_t rule, Result<std::vector<GroupReading>> answer);

  /// Alerts whose status changed now, by rule and labels, then those whose rule is gone. An alert
  /// that was only pending and went away is returned as resolved with firing_since 0 (save it, tell
  /// nobody). The same events and times give the same alerts, ids apart.
  std::vector<model::Alert> evaluate(TimeMs now);

  /// Pending and firing alerts, with the values of the last evaluate(); also those without a rule
  /// that the next evaluate() resolves.
  std::vector<model::Alert> open() const;
  /// The values of the same alerts, in no certain order; cheaper by far.
  std::vector<LiveValue> live_values() const;
  const std::vector<Rule>& rules() const;

 private:
  struct State;
  explicit Evaluator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vitals::rules
