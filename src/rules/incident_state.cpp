#include "incident_state.h"

#include <algorithm>

#include <vitals/base/time_text.h>

namespace vitals::rules {
namespace {

using model::Alert;
using model::AlertStatus;

/// More at once are told without a cause: they have one in common, and people wait.
constexpr std::size_t kDiagnosesMax = 16;
/// Of those with an automatic action some more are asked about; it goes where they say first.
constexpr std::size_t kAskedMax = 64;
/// So long after firing an automatic action waits to be told where to go back to.
constexpr DurationMs kRollbackMs = 10'000;

}  // namespace

void Incidents::State::tell(Alert& alert, Telling telling) {
  if (telling != Telling::nothing && options.receivers) {
    for (std::string& receiver : options.receivers(alert)) {
      if (std::count(alert.told.begin(), alert.told.end(), receiver) != 0) continue;
      alert.told.push_back(std::move(receiver));
    }
  }
  touched.erase(alert.id);
  const bool called = to_be_called.erase(alert.id) != 0;
  changes.push_back({telling, called, hushed.erase(alert.id) != 0, alert});
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
  if (options.diagnosis_ms <= 0) return;
  const bool waits = diagnosing.size() < kDiagnosesMax;
  const ActionPolicy* const policy = policy_of(alert);
  if (!waits && (policy == nullptr || !policy->automatic)) return;
  if (waits) diagnosing.emplace(alert.id, now + options.diagnosis_ms);
  undiagnosed.insert(alert.id);
  if (waits || undiagnosed.size() <= kAskedMax) to_diagnose.push_back(alert.id);
}

void Incidents::State::announce_late(Alert& alert, TimeMs now) {
  diagnosing.erase(alert.id);
  if (alert.announced_at != 0 || alert.status == AlertStatus::acknowledged) return;
  set_suppressor(alert, now);
  if (alert.suppressed_by.empty()) announce(alert, now);
}

void Incidents::State::end(Alert& alert, TimeMs now) {
  alert.due_at = 0;
  undiagnosed.erase(alert.id);
  uncalled.erase(alert.id);
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
  if (uncalled.count(alert.id) != 0) call_action(alert, now);
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
  hushed.erase(alert.id);
  if (!alert.suppressed_by.empty()) hushed.insert(alert.id);
  if (has_room(alert)) {
    note(alert, now, alert.suppressed_by.empty() ? "heard again" : "kept quiet",
         {"", alert.suppressed_by});
  }
  touch(alert);
}

void Incidents::State::announce(Alert& alert, TimeMs now) {
  alert.announced_at = now;
  if (alert.response_ms > 0) alert.due_at = now + alert.response_ms;
  tell(alert, Telling::firing);
}

const ActionPolicy* Incidents::State::policy_of(const Alert& alert) const {
  if (!alert.action) return nullptr;
  const auto policy = options.actions.find(alert.action->name);
  return policy == options.actions.end() ? nullptr : &policy->second;
}

void Incidents::State::propose_action(Alert& alert, TimeMs now) {
  const ActionPolicy* const policy = policy_of(alert);
  if (policy == nullptr) return;
  alert.action->dry_run = policy->dry_run;
  if (policy->automatic) call_action(alert, now);
}

/// By itself, once it is known where to go back to, or has not become known for too long.
void Incidents::State::call_action(Alert& alert, TimeMs now) {
  const TimeMs latest = alert.firing_since + kRollbackMs;
  // A clock that was set back must not prolong it.
  if (undiagnosed.count(alert.id) != 0 && now < latest && latest - now <= kRollbackMs) {
    uncalled.insert(alert.id);
    return look_at(alert.id, latest);
  }
  undiagnosed.erase(alert.id);
  uncalled.erase(alert.id);
  const ActionPolicy* const policy = policy_of(alert);
  if (policy == nullptr || !policy->automatic) return;
  if (alert.action->state != model::AlertAction::State::proposed) return;
  request(alert, {}, policy->dry_run, now);
  touch(alert);
}

void Incidents::State::request(Alert& alert, const Person& person, bool dry_run, TimeMs now) {
  using ActionState = model::AlertAction::State;
  model::AlertAction& action = *alert.action;
  const TimeMs held_until =
      dry_run ? 0 : recovery.held_until(action.name, options.actions[action.name], now);
  const bool allowed = held_until == 0;
  if (allowed && !dry_run) recovery.called(action.name, now);
  action.state = allowed ? ActionState::requested : ActionState::held_back;
  action.error = allowed ? "" : "held back by its rate limit until " + format_rfc3339(held_until);
  action.approved_by = person.name;
  action.dry_run = dry_run;
  std::string text = action.name;
  if (!action.rollback_to.empty()) text += ", back to " + action.rollback_to;
  if (dry_run) text += kDryRun;
  if (!person.text.empty()) text += ": " + person.text;
  note(alert, now, std::string(allowed ? kActionRequested : kActionHeldBack), {person.name, text});
  if (allowed) to_be_called.insert(alert.id);
}

void Incidents::State::set_back(TimeMs now) {
  for (auto& [id, alert] : open) {
    if (alert.due_at <= now + alert.response_ms) continue;
    alert.due_at = now + alert.response_ms;
    touch(alert);
  }
  next_silence = next_forget = now;  // which looks at all
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
