#include "incident_state.h"

#include <algorithm>

#include <vitals/base/time_text.h>

namespace vitals::rules {
namespace {

using model::Alert;
using model::AlertStatus;

/// More at once are told without a cause: they have one in common, and people wait.
constexpr std::size_t kDiagnosesMax = 16;

}  // namespace

void Incidents::State::tell(const Alert& alert, Telling telling) {
  touched.erase(alert.id);
  changes.push_back({telling, to_be_called.erase(alert.id) != 0, alert});
}

void Incidents::State::note(Alert& alert, TimeMs now, std::string what, const Person& person) {
  alert.updated_at = now;
  alert.timeline.push_back({now, std::move(what), person.name, person.text});
}

void Incidents::State::look_at_all() {
  for (const auto& [id, alert] : open) {
    if (is_active(alert.status)) look_at(id);
  }
}

void Incidents::State::begin(Alert& alert, TimeMs now) {
  metrics.fired(alert);
  note(alert, now, "firing");
  if (alert.action && options.actions.count(alert.action->name) == 0) alert.action.reset();
  alert.flapping = flapping.fired(alert, now - options.flap_within_ms) >= options.flap_firings;
  suppression.begin(alert, look_now());
  look_at(alert.id);
  if (options.diagnosis_ms > 0 && diagnosing.size() < kDiagnosesMax) {
    diagnosing.emplace(alert.id, now + options.diagnosis_ms);
    to_diagnose.push_back(alert.id);
  }
}

void Incidents::State::announce_late(Alert& alert, TimeMs now) {
  diagnosing.erase(alert.id);
  if (alert.announced_at != 0 || alert.status == AlertStatus::acknowledged) return;
  set_suppressor(alert, now);
  if (alert.suppressed_by.empty()) announce(alert, now);
}

void Incidents::State::end(Alert& alert, TimeMs now) {
  alert.due_at = 0;
  if (alert.firing_since == 0) return tell(alert, Telling::nothing);
  suppression.end(alert, look_now());
  metrics.resolved(alert);
  note(alert, now, "resolved");
  // Whoever heard of its beginning hears of its end, silenced meanwhile or not.
  tell(alert, alert.announced_at != 0 ? Telling::resolved : Telling::nothing);
  if (alert.action && alert.action->state == model::AlertAction::State::requested) {
    unanswered.insert_or_assign(alert.id, alert);
  }
}

void Incidents::State::review(Alert& alert, TimeMs now) {
  set_suppressor(alert, now);
  if (awaits_diagnosis(alert, now)) return;
  if (!alert.suppressed_by.empty() || alert.status == AlertStatus::acknowledged) return;
  if (alert.announced_at == 0) {
    propose_action(alert, now);
    announce(alert, now);
  }
  if (alert.due_at == 0) return;
  if (now >= alert.due_at) escalate(alert, now);
  if (alert.due_at != 0) look_at(alert.id, alert.due_at);
}

bool Incidents::State::awaits_diagnosis(const Alert& alert, TimeMs now) {
  const auto diagnosis = diagnosing.find(alert.id);
  if (diagnosis == diagnosing.end()) return false;
  if (now < diagnosis->second) {
    look_at(alert.id, diagnosis->second);
    return true;
  }
  diagnosing.erase(diagnosis);
  return false;
}

std::string Incidents::State::suppressor_of(const Alert& alert, TimeMs now) {
  std::string suppressor = suppression.suppressor_of(alert, now);
  const TimeMs settled = alert.firing_since + options.flap_settle_ms;
  if (suppressor.empty() && alert.flapping && alert.announced_at == 0 && now < settled) {
    look_at(alert.id, settled);
    return "flapping";
  }
  return suppressor;
}

void Incidents::State::set_suppressor(Alert& alert, TimeMs now) {
  std::string suppressor = suppressor_of(alert, now);
  if (alert.suppressed_by == suppressor) return;
  alert.suppressed_by = std::move(suppressor);
  note(alert, now, alert.suppressed_by.empty() ? "heard again" : "kept quiet",
       {"", alert.suppressed_by});
  touch(alert);
}

void Incidents::State::announce(Alert& alert, TimeMs now) {
  alert.announced_at = now;
  if (alert.response_ms > 0) alert.due_at = now + alert.response_ms;
  tell(alert, Telling::firing);
}

void Incidents::State::propose_action(Alert& alert, TimeMs now) {
  if (!alert.action) return;
  const auto policy = options.actions.find(alert.action->name);
  if (policy == options.actions.end()) return;
  alert.action->dry_run = policy->second.dry_run;
  if (policy->second.automatic) request(alert, {}, policy->second.dry_run, now);
}

void Incidents::State::request(Alert& alert, const Person& person, bool dry_run, TimeMs now) {
  using ActionState = model::AlertAction::State;
  model::AlertAction& action = *alert.action;
  const bool allowed = recovery.allow(action.name, options.actions[action.name], now);
  action.state = allowed ? ActionState::requested : ActionState::held_back;
  action.error = allowed ? "" : "called too often lately: its rate limit holds it back";
  action.approved_by = person.name;
  action.dry_run = dry_run;
  std::string text = action.name;
  if (!action.rollback_to.empty()) text += ", back to " + action.rollback_to;
  if (dry_run) text += ", dry run";
  if (!person.text.empty()) text += ": " + person.text;
  note(alert, now, std::string(allowed ? kActionRequested : kActionHeldBack), {person.name, text});
  if (allowed) to_be_called.insert(alert.id);
}

void Incidents::State::escalate(Alert& alert, TimeMs now) {
  if (alert.escalations == 0) metrics.breached(alert);
  alert.status = AlertStatus::escalated;
  ++alert.escalations;
  alert.escalated_at = now;
  const std::uint32_t steps = options.escalation_steps ? options.escalation_steps(alert) : 1;
  // After a time in which nothing could be told, each step has its full time again.
  const TimeMs next = alert.due_at + alert.response_ms;
  alert.due_at = alert.escalations >= steps ? 0 : next > now ? next : now + alert.response_ms;
  note(alert, now, "escalated",
       {"", "nobody acknowledged within " + format_duration(alert.response_ms)});
  tell(alert, Telling::escalated);
}

}  // namespace vitals::rules
