#include <algorithm>
#include <limits>
#include <utility>

#include <vitals/rules/incidents.h>

#include "flapping.h"
#include "recovery.h"
#include "response_metrics.h"
#include "suppression.h"

namespace vitals::rules {
namespace {

using model::Alert;
using model::AlertStatus;

constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();
/// More at once are told without a cause: they have one in common, and people wait.
constexpr std::size_t kDiagnosesMax = 16;
/// People's entries; those of the daemon are few.
constexpr std::size_t kTimelineMax = 500;

/// What the evaluator knows better.
void adopt(const Alert& judged, Alert& alert) {
  const bool ended = judged.status == AlertStatus::resolved;
  if (ended || alert.status == AlertStatus::pending) alert.status = judged.status;
  if (alert.announced_at == 0) alert.annotations = judged.annotations;
  alert.value = judged.value;
  alert.threshold = judged.threshold;
  alert.samples = judged.samples;
  alert.pending_since = judged.pending_since;
  alert.firing_since = judged.firing_since;
  alert.resolved_at = judged.resolved_at;
  alert.updated_at = judged.updated_at;
}

Error over() { return {Errc::unprocessable, "the alert is over, or has not fired yet"}; }

}  // namespace

struct Incidents::State {
  State(IncidentOptions given, telemetry::Registry& telemetry)
      : options(std::move(given)), metrics(telemetry) {}

  void note(Alert& alert, TimeMs now, std::string what, const Person& person = {}) {
    alert.updated_at = now;
    if (alert.timeline.size() < kTimelineMax) {
      alert.timeline.push_back({now, std::move(what), person.name, person.text});
    }
  }
  void change(const Alert& alert, Telling telling = Telling::nothing);
  void soon(TimeMs when) { next = std::min(next, when); }

  void begin(Alert& alert, TimeMs now);
  void end(Alert& alert, TimeMs now);
  void announce(Alert& alert, TimeMs now);
  void announce_late(Alert& alert, TimeMs now);
  void propose_action(Alert& alert, TimeMs now);
  void escalate(Alert& alert, TimeMs now);
  void request(Alert& alert, const Person& person, TimeMs now);
  void set_suppressor(Alert& alert, std::string suppressor, TimeMs now);
  std::string suppressor_of(const Alert& alert, const Suppression& suppression, TimeMs now);
  void review(Alert& alert, const Suppression& suppression, TimeMs now);
  void find_next_silence(TimeMs now);
  Result<Alert*> active(std::string_view id);

  IncidentOptions options;
  ResponseMetrics metrics;
  OpenAlerts open;
  std::vector<model::Silence> silences;
  Flapping flapping;
  Recovery recovery;
  std::vector<std::string> to_diagnose;
  std::map<std::string, TimeMs> diagnosing;  ///< until when it is waited for
  std::vector<Change> changes;
  std::map<std::string, std::size_t> silent;  ///< those of them that tell nobody, by alert
  TimeMs next = 0;                            ///< when something is due; 0: now
};

Incidents::Incidents(IncidentOptions options, telemetry::Registry& telemetry)
    : state_(std::make_unique<State>(std::move(options), telemetry)) {}
Incidents::~Incidents() = default;

void Incidents::configure(IncidentOptions options) {
  state_->options = std::move(options);
  state_->next = 0;
}

void Incidents::restore(std::vector<Alert> open, const std::vector<Alert>& lately) {
  for (const Alert& alert : lately) {
    state_->flapping.fired(alert, 0);
    state_->recovery.remember(alert);
  }
  for (Alert& alert : open) {
    if (is_active(alert.status)) state_->flapping.fired(alert, 0);
    state_->recovery.remember(alert);
    std::string id = alert.id;
    state_->open.insert_or_assign(std::move(id), std::move(alert));
  }
  state_->next = 0;
}

void Incidents::silence(std::vector<model::Silence> silences) {
  state_->silences = std::move(silences);
  state_->next = 0;
}

void Incidents::take(const Alert& judged, TimeMs now) {
  State& s = *state_;
  const auto [at, is_new] = s.open.try_emplace(judged.id, judged);
  Alert& alert = at->second;
  const AlertStatus before = is_new ? AlertStatus::pending : alert.status;
  const bool over = judged.status == AlertStatus::resolved;
  if (over && is_active(before)) s.announce_late(alert, now);
  if (!is_new) adopt(judged, alert);
  if (!is_active(before) && alert.status == AlertStatus::firing) s.begin(alert, now);
  if (over) {
    s.end(alert, now);
    s.open.erase(at);
  } else {
    s.change(alert);
  }
  s.next = 0;
}

void Incidents::State::change(const Alert& alert, Telling telling) {
  // A later change says all that an earlier one did which told nobody.
  if (const auto earlier = silent.find(alert.id); earlier != silent.end()) {
    changes[earlier->second].alert.id.clear();
    silent.erase(earlier);
  }
  if (telling == Telling::nothing) silent.emplace(alert.id, changes.size());
  changes.push_back({telling, false, alert});
}

void Incidents::State::begin(Alert& alert, TimeMs now) {
  metrics.fired(alert);
  note(alert, now, "firing");
  if (alert.action && options.actions.count(alert.action->name) == 0) alert.action.reset();
  alert.flapping = flapping.fired(alert, now - options.flap_within_ms) >= options.flap_firings;
  if (options.diagnosis_ms > 0 && diagnosing.size() < kDiagnosesMax) {
    diagnosing.emplace(alert.id, now + options.diagnosis_ms);
    to_diagnose.push_back(alert.id);
  }
}

/// An alert that ends while its diagnosis is waited for is told with both its ends.
void Incidents::State::announce_late(Alert& alert, TimeMs now) {
  const bool unheard = alert.announced_at == 0 && alert.status != AlertStatus::acknowledged;
  if (unheard && alert.suppressed_by.empty()) announce(alert, now);
}

void Incidents::State::end(Alert& alert, TimeMs now) {
  diagnosing.erase(alert.id);
  alert.due_at = 0;
  if (alert.firing_since == 0) return change(alert);
  metrics.resolved(alert);
  note(alert, now, "resolved");
  // Whoever heard of its beginning hears of its end, silenced meanwhile or not.
  change(alert, alert.announced_at != 0 ? Telling::resolved : Telling::nothing);
}

void Incidents::State::announce(Alert& alert, TimeMs now) {
  alert.announced_at = now;
  if (alert.response_ms > 0) alert.due_at = now + alert.response_ms;
  change(alert, Telling::firing);
}

void Incidents::State::propose_action(Alert& alert, TimeMs now) {
  if (!alert.action) return;
  const ActionPolicy& policy = options.actions[alert.action->name];
  alert.action->dry_run = policy.dry_run;
  if (policy.automatic) {
    request(alert, {}, now);
  } else {
    change(alert);
  }
}

/// Calls the alert's action, unless that was called too often lately.
void Incidents::State::request(Alert& alert, const Person& person, TimeMs now) {
  using ActionState = model::AlertAction::State;
  const bool allowed = recovery.allow(alert.action->name, options.actions[alert.action->name], now);
  alert.action->state = allowed ? ActionState::requested : ActionState::held_back;
  alert.action->error = allowed ? "" : "called too often lately: its rate limit holds it back";
  alert.action->approved_by = person.name;
  note(alert, now, allowed ? std::string(kActionRequested) : "action held back",
       {person.name, alert.action->name + (person.text.empty() ? "" : ": " + person.text)});
  change(alert);
  if (!allowed) return;
  changes.back().request_action = true;
  silent.erase(alert.id);
}

void Incidents::State::escalate(Alert& alert, TimeMs now) {
  if (alert.escalations == 0) metrics.breached(alert);
  alert.status = AlertStatus::escalated;
  ++alert.escalations;
  alert.escalated_at = now;
  const std::uint32_t steps = options.escalation_steps ? options.escalation_steps(alert) : 1;
  alert.due_at = alert.escalations < steps ? alert.due_at + alert.response_ms : 0;
  note(alert, now, "escalated");
  change(alert, Telling::escalated);
}

void Incidents::State::set_suppressor(Alert& alert, std::string suppressor, TimeMs now) {
  if (alert.suppressed_by == suppressor) return;
  alert.suppressed_by = std::move(suppressor);
  note(alert, now, alert.suppressed_by.empty() ? "heard again" : "kept quiet",
       {"", alert.suppressed_by});
  change(alert);
}

std::string Incidents::State::suppressor_of(const Alert& alert, const Suppression& suppression,
                                            TimeMs now) {
  std::string suppressor = suppression.suppressor_of(alert);
  const TimeMs settled = alert.firing_since + options.flap_settle_ms;
  if (suppressor.empty() && alert.flapping && alert.announced_at == 0 && now < settled) {
    soon(settled);
    return "flapping";
  }
  return suppressor;
}

/// What an active alert needs at this moment; when it needs something next.
void Incidents::State::review(Alert& alert, const Suppression& suppression, TimeMs now) {
  set_suppressor(alert, suppressor_of(alert, suppression, now), now);
  const auto diagnosis = diagnosing.find(alert.id);
  const bool wait = diagnosis != diagnosing.end() && now < diagnosis->second;
  if (wait) soon(diagnosis->second);
  if (!wait && diagnosis != diagnosing.end()) diagnosing.erase(diagnosis);
  if (wait || !alert.suppressed_by.empty() || alert.status == AlertStatus::acknowledged) return;
  if (alert.announced_at == 0) {
    announce(alert, now);
    propose_action(alert, now);
  }
  if (alert.due_at == 0) return;
  if (now >= alert.due_at) escalate(alert, now);
  if (alert.due_at != 0) soon(alert.due_at);
}

void Incidents::State::find_next_silence(TimeMs now) {
  for (const model::Silence& silence : silences) {
    if (silence.from > now) soon(silence.from);
    if (silence.in_force(now)) soon(silence.until);
  }
}

void Incidents::step(TimeMs now) {
  State& s = *state_;
  if (now < s.next) return;
  s.next = kNever;
  s.flapping.forget(now - s.options.flap_within_ms);
  s.find_next_silence(now);
  const Suppression suppression(s.silences, s.options.inhibitions, s.open, now);
  for (auto& [id, alert] : s.open) {
    if (is_active(alert.status)) s.review(alert, suppression, now);
  }
}

std::vector<Alert> Incidents::undiagnosed() {
  std::vector<Alert> alerts;
  for (const std::string& id : std::exchange(state_->to_diagnose, {})) {
    if (const auto at = state_->open.find(id); at != state_->open.end()) {
      alerts.push_back(at->second);
    }
  }
  return alerts;
}

void Incidents::diagnosed(const std::string& id, const Diagnosis& diagnosis) {
  state_->diagnosing.erase(id);
  state_->next = 0;
  const auto at = state_->open.find(id);
  if (at == state_->open.end()) return;
  Alert& alert = at->second;
  for (const auto& [name, text] : diagnosis.annotations) alert.annotations.emplace(name, text);
  if (alert.action) alert.action->rollback_to = diagnosis.rollback_to;
  state_->change(alert);
}

Result<Alert*> Incidents::State::active(std::string_view id) {
  const auto at = open.find(std::string(id));
  if (at == open.end()) return Error{Errc::not_found, "there is no open alert with this id"};
  if (!is_active(at->second.status)) return over();
  return &at->second;
}

Result<Alert> Incidents::acknowledge(std::string_view id, const Person& person, TimeMs now) {
  const auto found = state_->active(id);
  if (!found) return found.error();
  Alert& alert = **found;
  const bool first = alert.acknowledged_at == 0;
  alert.status = AlertStatus::acknowledged;
  alert.due_at = 0;
  if (first) {
    alert.acknowledged_at = now;
    alert.acknowledged_by = person.name;
    if (alert.assignee.empty()) alert.assignee = person.name;
    state_->metrics.acknowledged(alert);
  }
  state_->note(alert, now, "acknowledged", person);
  state_->change(alert,
                 first && alert.announced_at != 0 ? Telling::acknowledged : Telling::nothing);
  return alert;
}

Result<Alert> Incidents::assign(std::string_view id, const std::string& assignee,
                                const Person& person, TimeMs now) {
  const auto found = state_->active(id);
  if (!found) return found.error();
  Alert& alert = **found;
  alert.assignee = assignee;
  const std::string why = person.text.empty() ? "" : ": " + person.text;
  state_->note(alert, now, "assigned", {person.name, "to " + assignee + why});
  state_->change(alert);
  return alert;
}

Result<Alert> Incidents::comment(std::string_view id, const Person& person, TimeMs now) {
  const auto at = state_->open.find(std::string(id));
  if (at == state_->open.end()) {
    return Error{Errc::not_found, "there is no open alert with this id"};
  }
  state_->note(at->second, now, "comment", person);
  state_->change(at->second);
  return at->second;
}

Result<Alert> Incidents::approve(std::string_view id, const Person& person, TimeMs now) {
  using ActionState = model::AlertAction::State;
  const auto found = state_->active(id);
  if (!found) return found.error();
  Alert& alert = **found;
  if (!alert.action) return Error{Errc::unprocessable, "the alert has no recovery action"};
  if (alert.action->state == ActionState::requested ||
      alert.action->state == ActionState::succeeded) {
    return Error{Errc::unprocessable, "the recovery action has been requested already"};
  }
  if (state_->options.actions.count(alert.action->name) == 0) {
    return Error{Errc::unprocessable, "the recovery action is not configured any more"};
  }
  state_->request(alert, person, now);
  return alert;
}

void Incidents::action_done(const std::string& id, const std::string& error, TimeMs now) {
  using ActionState = model::AlertAction::State;
  const auto at = state_->open.find(id);
  if (at == state_->open.end() || !at->second.action) return;
  Alert& alert = at->second;
  alert.action->state = error.empty() ? ActionState::succeeded : ActionState::failed;
  alert.action->error = error;
  state_->note(alert, now, error.empty() ? "action taken" : "action failed",
               {"", alert.action->name + (error.empty() ? "" : ": " + error)});
  state_->change(alert);
}

std::vector<Change> Incidents::drain() {
  std::erase_if(state_->changes, [](const Change& change) { return change.alert.id.empty(); });
  state_->silent.clear();
  return std::exchange(state_->changes, {});
}

}  // namespace vitals::rules
