#include <algorithm>
#include <limits>
#include <utility>

#include <vitals/base/time_text.h>
#include <vitals/rules/incidents.h>

#include "incident_state.h"

namespace vitals::rules {
namespace {

using model::Alert;
using model::AlertStatus;
using ActionState = model::AlertAction::State;

/// Alerts that one step looks at, and that one drain() adds: a few milliseconds.
constexpr std::size_t kAtOnce = 64;
constexpr DurationMs kForgetEveryMs = 60'000;
/// An action whose answer has not come for so long can be called again.
constexpr DurationMs kAnswerMaxMs = kDayMs;

/// What the evaluator knows better.
void adopt(const Alert& judged, Alert& alert) {
  const bool ended = judged.status == AlertStatus::resolved;
  if (alert.status == AlertStatus::pending) alert.annotations = judged.annotations;
  if (ended || alert.status == AlertStatus::pending) alert.status = judged.status;
  alert.value = judged.value;
  alert.threshold = judged.threshold;
  alert.against = judged.against;
  alert.samples = judged.samples;
  alert.pending_since = judged.pending_since;
  alert.firing_since = judged.firing_since;
  alert.resolved_at = judged.resolved_at;
  alert.updated_at = judged.updated_at;
}

Error full() { return {Errc::unprocessable, "the alert's story is full: it has 500 entries"}; }

bool is_requested(const Alert& alert) {
  return alert.action && alert.action->state == ActionState::requested;
}

/// When the story told so last; 0: never.
TimeMs told_at(const Alert& alert, std::string_view what) {
  TimeMs at = 0;
  for (const model::AlertEntry& entry : alert.timeline) {
    if (entry.what == what) at = entry.at;
  }
  return at;
}

/// Why the alert's action is not to be called (again) now; "" when it may be.
std::string called_already(const Alert& alert, TimeMs now) {
  const model::AlertAction& action = *alert.action;
  if (action.state == ActionState::requested) {
    const TimeMs at = told_at(alert, kActionRequested);
    if (now >= at + kAnswerMaxMs) return "";
    return "the recovery action was requested at " + format_rfc3339(at) + "; no answer yet";
  }
  if (action.state != ActionState::succeeded || action.dry_run) return "";
  return "the recovery action succeeded at " + format_rfc3339(told_at(alert, kActionSucceeded)) +
         "; it is not called twice";
}

}  // namespace

Incidents::Incidents(IncidentOptions options, telemetry::Registry& telemetry)
    : state_(std::make_unique<State>(std::move(options), telemetry)) {
  state_->suppression.inhibit(state_->options.inhibitions);
}
Incidents::~Incidents() = default;

void Incidents::configure(IncidentOptions options) {
  State& s = *state_;
  s.options = std::move(options);
  s.suppression.inhibit(s.options.inhibitions);
  for (const auto& [id, alert] : s.open) {
    if (is_active(alert.status)) s.suppression.begin(alert, s.look_now());
  }
  s.look_at_all();
}

void Incidents::restore(std::vector<Alert> open, const std::vector<Alert>& lately) {
  State& s = *state_;
  for (const Alert& alert : lately) {
    s.flapping.fired(alert, 0);
    s.recovery.remember(alert);
    if (is_requested(alert)) s.unanswered.insert_or_assign(alert.id, alert);
  }
  for (Alert& alert : open) {
    s.recovery.remember(alert);
    if (is_active(alert.status)) {
      s.flapping.fired(alert, 0);
      s.suppression.begin(alert, s.look_now());
    }
    // It may have waited for its diagnosis when the daemon ended.
    if (alert.action && alert.action->state == ActionState::proposed && alert.announced_at != 0 &&
        alert.acknowledged_at == 0) {
      s.uncalled.insert(alert.id);
    }
    std::string id = alert.id;
    s.open.insert_or_assign(std::move(id), std::move(alert));
  }
  s.look_at_all();
}

void Incidents::silence(std::vector<model::Silence> silences) {
  state_->suppression.silence(std::move(silences));
  state_->next_silence = 0;
}

void Incidents::take(const Alert& judged, TimeMs now) {
  State& s = *state_;
  s.reviewed = false;
  const auto [at, is_new] = s.open.try_emplace(judged.id, judged);
  Alert& alert = at->second;
  const AlertStatus before = is_new ? AlertStatus::pending : alert.status;
  const bool over = judged.status == AlertStatus::resolved;
  if (over && is_active(before)) s.announce_late(alert, now);
  if (!is_new) adopt(judged, alert);
  if (!is_active(before) && alert.status == AlertStatus::firing) s.begin(alert, now);
  if (!over) return s.touch(alert);
  s.end(alert, now);
  s.open.erase(at);
}

void Incidents::step(TimeMs now) {
  State& s = *state_;
  if (now < s.stepped_at) s.set_back(now);
  s.stepped_at = now;
  if (now >= s.next_silence) {
    s.look_at_all();
    s.next_silence = s.suppression.next_silence(now);
  }
  if (now >= s.next_forget) {
    s.flapping.forget(now - s.options.flap_within_ms);
    s.next_forget = now + kForgetEveryMs;
  }
  const auto more = [&] { return !s.agenda.empty() && s.agenda.begin()->first <= now; };
  for (std::size_t i = 0; i < kAtOnce && more(); ++i) {
    const auto first = s.agenda.begin();
    const auto at = s.open.find(first->second);
    s.agenda.erase(first);
    if (at != s.open.end() && is_active(at->second.status)) s.review(at->second, now);
  }
  s.reviewed = !more();
}

TimeMs Incidents::due() const {
  const State& s = *state_;
  if (!s.touched.empty()) return 0;
  return s.agenda.empty() ? s.next_silence : std::min(s.next_silence, s.agenda.begin()->first);
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
  state_->undiagnosed.erase(id);
  const auto at = state_->open.find(id);
  if (at == state_->open.end()) return;
  Alert& alert = at->second;
  for (const auto& [name, text] : diagnosis.annotations) {
    alert.annotations.insert_or_assign(name, text);
  }
  if (alert.action && (alert.action->state == ActionState::proposed ||
                       alert.action->state == ActionState::held_back)) {
    alert.action->rollback_to = diagnosis.rollback_to;
  }
  state_->touch(alert);
  state_->look_at(id);
}

Result<Alert*> Incidents::find(std::string_view id) {
  const auto at = state_->open.find(std::string(id));
  if (at == state_->open.end()) {
    return Error{Errc::not_found, "there is no open alert with this id"};
  }
  return &at->second;
}

Result<Alert*> Incidents::active(std::string_view id) {
  auto found = find(id);
  if (found && !is_active((*found)->status)) {
    return Error{Errc::unprocessable, "the alert has not fired yet"};
  }
  return found;
}

Result<Alert> Incidents::acknowledge(std::string_view id, const Person& person, TimeMs now) {
  const auto found = active(id);
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
  if (first || State::has_room(alert)) state_->note(alert, now, "acknowledged", person);
  const bool heard = first && alert.announced_at != 0;
  state_->tell(alert, heard ? Telling::acknowledged : Telling::nothing);
  return alert;
}

Result<Alert> Incidents::assign(std::string_view id, const std::string& assignee,
                                const Person& person, TimeMs now) {
  const auto found = active(id);
  if (!found) return found.error();
  Alert& alert = **found;
  if (!State::has_room(alert)) return full();
  alert.assignee = assignee;
  const std::string why = person.text.empty() ? "" : ": " + person.text;
  state_->note(alert, now, "assigned", {person.name, "to " + assignee + why});
  state_->tell(alert, Telling::nothing);
  return alert;
}

Result<Alert> Incidents::comment(std::string_view id, const Person& person, TimeMs now) {
  const auto found = find(id);
  if (!found) return found.error();
  Alert& alert = **found;
  if (!State::has_room(alert)) return full();
  state_->note(alert, now, "comment", person);
  state_->tell(alert, Telling::nothing);
  return alert;
}

Result<Alert> Incidents::approve(std::string_view id, const Person& person,
                                 std::optional<bool> dry_run, TimeMs now) {
  const auto found = active(id);
  if (!found) return found.error();
  Alert& alert = **found;
  if (!alert.action) return Error{Errc::unprocessable, "the alert has no recovery action"};
  if (std::string why = called_already(alert, now); !why.empty()) {
    return Error{Errc::unprocessable, std::move(why)};
  }
  const auto policy = state_->options.actions.find(alert.action->name);
  if (policy == state_->options.actions.end()) {
    return Error{Errc::unprocessable, "the recovery action is not configured any more"};
  }
  if (!State::has_room(alert)) return full();
  const bool dry = dry_run.value_or(policy->second.dry_run);
  const TimeMs held_until =
      dry ? 0 : state_->recovery.held_until(policy->first, policy->second, now);
  if (held_until != 0) {
    return Error{Errc::unprocessable, "the recovery action is held back by its rate limit until " +
                                          format_rfc3339(held_until)};
  }
  state_->request(alert, person, dry, now);
  state_->tell(alert, Telling::nothing);
  return alert;
}

void Incidents::action_done(const std::string& id, const std::string& error, TimeMs now) {
  const auto told = [&](Alert& alert) {
    alert.action->state = error.empty() ? ActionState::succeeded : ActionState::failed;
    alert.action->error = error;
    std::string text = alert.action->name + std::string(alert.action->dry_run ? kDryRun : "");
    if (!error.empty()) text += ": " + error;
    state_->note(alert, now, std::string(error.empty() ? kActionSucceeded : kActionFailed),
                 {"", text});
    state_->tell(alert, Telling::nothing);
  };
  if (const auto at = state_->open.find(id); at != state_->open.end()) {
    if (is_requested(at->second)) told(at->second);
  } else if (const auto over = state_->unanswered.find(id); over != state_->unanswered.end()) {
    told(over->second);
    state_->unanswered.erase(over);
  }
}

void Incidents::edit(const std::function<void(Alert&)>& edit) {
  for (auto& [id, alert] : state_->open) edit(alert);
  for (auto& [id, alert] : state_->unanswered) edit(alert);
  for (Change& change : state_->changes) edit(change.alert);
}

std::vector<Change> Incidents::drain() {
  State& s = *state_;
  // Those that are yet to be reviewed are likely to be told, which saves them as well.
  for (std::size_t i = 0; s.reviewed && i < kAtOnce && !s.touched.empty(); ++i) {
    const auto at = s.open.find(*s.touched.begin());
    s.touched.erase(s.touched.begin());
    if (at != s.open.end()) s.tell(at->second, Telling::nothing);
  }
  return std::exchange(s.changes, {});
}

}  // namespace vitals::rules
