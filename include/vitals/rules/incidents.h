#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/alert.h>
#include <vitals/model/silence.h>
#include <vitals/telemetry/registry.h>

namespace vitals::rules {

/// While an alert that satisfies `source` is active, nobody is told of those that satisfy `target`
/// and have equal values of the labels in `equal`. Alerts that satisfy both do not inhibit
/// themselves or each other.
struct Inhibition {
  std::vector<model::Filter> source;
  std::vector<model::Filter> target;
  std::vector<std::string> equal;
};

/// How a recovery action may be taken.
struct ActionPolicy {
  bool automatic = false;  ///< else a person approves it first
  bool dry_run = false;    ///< the receiver is asked only to say what it would do
  std::uint32_t requests_max = 1;
  DurationMs per_ms = kHourMs;
};

struct IncidentOptions {
  std::vector<Inhibition> inhibitions;
  std::map<std::string, ActionPolicy> actions;
  /// How often an alert can be escalated: to how many further receivers.
  std::function<std::uint32_t(const model::Alert&)> escalation_steps;
  /// Names of those who are to be told of an alert as it is; each then is in `Alert::told`.
  std::function<std::vector<std::string>(const model::Alert&)> receivers;
  /// A rule's group that fires so often within this time is flapping …
  std::uint32_t flap_firings = 5;
  DurationMs flap_within_ms = kHourMs;
  /// … and then is told of only when it has lasted so long.
  DurationMs flap_settle_ms = 600'000;
  /// A diagnosis that takes longer does not hold up the first notification.
  DurationMs diagnosis_ms = 500;
};

/// What receivers are to be told with a change.
enum class Telling : std::uint8_t { nothing, firing, escalated, acknowledged, resolved };

/// An alert to be saved, and who else has to learn of it.
struct Change {
  Telling telling = Telling::nothing;
  bool request_action = false;  ///< alert.action is to be called
  bool hushed = false;          ///< it is kept quiet from now on, by alert.suppressed_by
  model::Alert alert;
};

/// What was found out about a firing alert.
struct Diagnosis {
  std::map<std::string, std::string> annotations;  ///< cause, affected, …: in place of the rule's
  std::string rollback_to;                         ///< "" when nothing is known
};

/// The open incidents, and all that clocks and people do to them between firing and resolved:
/// diagnosis, silences, inhibition, flapping, the response-time clock and its escalations,
/// acknowledging, assigning, comments, recovery actions. The Evaluator says when an alert begins
/// and ends; this says what becomes of it, and who is told when.
///
/// Only the spine touches it. Every change is handed out by drain() once, in order, to be saved.
/// Commands return the alert as it is afterwards; errors: not_found, unprocessable (it is over, it
/// only pends, it has no action …).
class Incidents {
 public:
  Incidents(IncidentOptions options, telemetry::Registry& telemetry);
  ~Incidents();

  void configure(IncidentOptions options);

  /// Takes over open alerts as they were saved, and the resolved ones of the last
  /// flap_within_ms, from which flapping is told.
  void restore(std::vector<model::Alert> open, const std::vector<model::Alert>& lately);

  /// All silences that are in force or to come.
  void silence(std::vector<model::Silence> silences);

  /// An alert that the evaluator changed.
  void take(const model::Alert& judged, TimeMs now);

  /// Newly firing alerts that wait for a diagnosis, each returned once.
  std::vector<model::Alert> undiagnosed();
  /// The diagnosis of one of them; it may come too late.
  void diagnosed(const std::string& id, const Diagnosis& diagnosis);

  /// Lets the clocks do their work on some alerts that need it: all of a batch must be taken
  /// before, as one may inhibit another. Costs nothing while nothing is due.
  void step(TimeMs now);
  /// When step() has something to do next: now or earlier when more is left; max() when nothing.
  TimeMs due() const;

  struct Person {
    std::string name;
    std::string text;  ///< why, or what they say
  };
  Result<model::Alert> acknowledge(std::string_view id, const Person& person, TimeMs now);
  Result<model::Alert> assign(std::string_view id, const std::string& assignee,
                              const Person& person, TimeMs now);
  Result<model::Alert> comment(std::string_view id, const Person& person, TimeMs now);
  /// Has the alert's action called; `dry_run` overrules its policy.
  Result<model::Alert> approve(std::string_view id, const Person& person,
                               std::optional<bool> dry_run, TimeMs now);

  /// What became of an action; `error` is "" when it was taken.
  void action_done(const std::string& id, const std::string& error, TimeMs now);

  /// Applies an edit to every alert that is to be saved again: for what must be forgotten.
  void edit(const std::function<void(model::Alert&)>& edit);

  std::vector<Change> drain();

 private:
  struct State;
  Result<model::Alert*> find(std::string_view id);
  Result<model::Alert*> active(std::string_view id);

  std::unique_ptr<State> state_;
};

}  // namespace vitals::rules
