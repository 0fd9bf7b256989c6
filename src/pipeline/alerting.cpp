#include "alerting.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include <vitals/model/persons.h>
#include <vitals/notify/alert_json.h>

namespace vitals::pipeline {
namespace {

/// Alerts that one turn takes from the rules, and changes of one commit: some milliseconds each.
constexpr std::size_t kTakenAtOnce = 128;
constexpr std::size_t kSavedAtOnce = 32;
/// Resolved alerts that are looked through for flapping and actions after a start.
constexpr std::uint32_t kLately = 10'000;
constexpr DurationMs kLatelyMs = kDayMs;
/// Alerts that change in one evaluation: 5 ms of work.
constexpr std::size_t kChangesMax = 500;
constexpr DurationMs kMarkEveryMs = 10'000;
/// So long a silence that is over can still be looked up.
constexpr DurationMs kOldSilencesMs = 30 * kDayMs;

/// With somebody who can find out, alerts wait a moment to be told with their cause.
rules::IncidentOptions with_patience(rules::IncidentOptions options, bool diagnoses) {
  if (!diagnoses) options.diagnosis_ms = 0;
  return options;
}

notify::Event event_of(rules::Telling telling) {
  switch (telling) {
    case rules::Telling::escalated:
      return notify::Event::escalated;
    case rules::Telling::acknowledged:
      return notify::Event::acknowledged;
    case rules::Telling::resolved:
      return notify::Event::resolved;
    case rules::Telling::firing:
    case rules::Telling::nothing:
      break;
  }
  return notify::Event::firing;
}

}  // namespace

Result<std::unique_ptr<Alerting>> Alerting::make(const SpineParts& parts, const Options& options,
                                                 telemetry::Counter& failed, Post post) {
  auto book = AlertBook::open(parts.store);
  if (!book) return std::move(book).error();
  auto silences = registry::Silences::open(parts.store);
  if (!silences) return std::move(silences).error();
  std::unique_ptr<Alerting> made(
      new Alerting(parts, options, failed, std::move(post), *book, *silences));
  if (auto restored = made->restore(); !restored) return std::move(restored).error();
  if (auto used = made->use(std::vector<rules::Rule>{}); !used) return std::move(used).error();
  parts.outbox.on_action_done([&alerting = *made](const std::string& id, const std::string& error) {
    alerting.later(
        [&alerting, id, error](TimeMs now) { alerting.incidents_.action_done(id, error, now); });
  });
  return made;
}

Alerting::Alerting(const SpineParts& parts, const Options& options, telemetry::Counter& failed,
                   Post post, AlertBook book, registry::Silences silences)
    : parts_(parts),
      groups_max_(options.rule_groups_max),
      post_(std::move(post)),
      book_(book),
      silence_book_(silences),
      started_at_(parts.clock.now_ms()),
      failed_(failed),
      groups_refused_(parts.telemetry.counter(
          "vitals_rule_groups_refused_total",
          "Groups of a batch that rules could not watch, as too many are watched.")),
      history_(parts, post_),
      incidents_(with_patience({}, static_cast<bool>(parts.diagnose)), parts.telemetry) {}

/// Takes over what was saved before the start.
Status Alerting::restore() {
  auto open = book_.open_alerts();
  if (!open) return std::move(open).error();
  const auto lately = book_.history(kLately, started_at_ - kLatelyMs);
  if (!lately) return lately.error();
  const auto evaluated_at = book_.evaluated_at();
  if (!evaluated_at) return evaluated_at.error();
  evaluated_at_ = *evaluated_at;
  std::vector<Error> unreadable;
  auto silences = silence_book_.all(&unreadable);
  if (!silences) return std::move(silences).error();
  for (const Error& why : unreadable) {
    parts_.logger->error("silence is not in force, as it cannot be read: {}", why.message);
  }
  silences_ = *std::move(silences);
  for (const model::Alert& alert : *open) {
    parts_.outbox.keep_quiet(alert.id, !alert.suppressed_by.empty());
  }
  incidents_.restore(*std::move(open), *lately);
  incidents_.silence(silences_);
  return {};
}

Status Alerting::use(std::vector<rules::Rule> rules, const Edit& edit) {
  auto made = make_rule_set(std::move(rules), parts_.catalogue, parts_.log, parts_.store,
                            parts_.clock.now_ms(), parts_.logger, groups_max_, groups_refused_);
  if (!made) return std::move(made).error();
  // A reload must not start the clocks of absence anew.
  made->evaluator->listening_since(started_at_);
  made->evaluator->changes_at_most(kChangesMax);
  // The running evaluator knows more than the store; without one the store has it.
  if (rule_set_.evaluator != nullptr) {
    std::vector<model::Alert> open = rule_set_.evaluator->open();
    if (edit) std::for_each(open.begin(), open.end(), edit);
    made->evaluator->restore(std::move(open), evaluated_at_);
  } else {
    auto open = book_.open_alerts();
    if (!open) return std::move(open).error();
    made->evaluator->restore(*std::move(open), evaluated_at_);
  }
  rule_set_ = *std::move(made);
  history_.use(*rule_set_.evaluator);
  auto in_force = std::make_shared<const std::vector<rules::Rule>>(rule_set_.evaluator->rules());
  published_rules_.with([&](auto& published) { published = std::move(in_force); });
  return {};
}

Result<std::uint64_t> Alerting::forget(const model::Persons& persons) {
  const Edit edit = [&persons](model::Alert& alert) {
    const auto edited = model::if_named(notify::encode(alert), persons);
    if (!edited) return;
    if (auto decoded = notify::decode_alert(*edited)) alert = *std::move(decoded);
  };
  // What is in memory first: else what is saved later would bring them back.
  std::for_each(judged_.begin(), judged_.end(), edit);
  for (rules::Change& change : unsaved_) edit(change.alert);
  incidents_.edit(edit);
  for (model::Silence& silence : silences_) {
    for (model::Filter& matcher : silence.matchers) {
      for (std::string& pattern : matcher.patterns) {
        if (auto edited = model::if_named(pattern, persons)) pattern = *std::move(edited);
      }
    }
  }
  incidents_.silence(silences_);
  if (auto used = use(rule_set_.evaluator->rules(), edit); !used) return std::move(used).error();
  store::WriteBatch changes;
  auto alerts = book_.forget(persons, changes);
  if (!alerts) return alerts;
  if (auto silences = silence_book_.forget(persons, changes); !silences) return silences;
  if (auto saved = parts_.store.commit(changes, store::Sync::yes); !saved) {
    return std::move(saved).error();
  }
  return alerts;
}

void Alerting::use(rules::IncidentOptions options) {
  incidents_.configure(with_patience(std::move(options), static_cast<bool>(parts_.diagnose)));
}

bool Alerting::evaluate(TimeMs now) {
  history_.ask(now);
  std::vector<model::Alert> changed = rule_set_.evaluator->evaluate(now);
  std::move(changed.begin(), changed.end(), std::back_inserter(judged_));
  evaluated_at_ = now;
  published_ = false;
  return !rule_set_.evaluator->has_more();
}

/// Lets readers see the values of the last evaluation.
void Alerting::publish() {
  if (std::exchange(published_, true)) return;
  auto values =
      std::make_shared<const std::vector<rules::LiveValue>>(rule_set_.evaluator->live_values());
  any_open_ = !values->empty();
  live_values_.with([&](auto& shown) { shown = std::move(values); });
}

void Alerting::turn(TimeMs now) {
  publish();
  for (std::size_t i = 0; i < kTakenAtOnce && !judged_.empty(); ++i, judged_.pop_front()) {
    incidents_.take(judged_.front(), now);
  }
  settle(now);
  save();
  store::WriteBatch mark;
  if (any_open_ && add_mark(mark)) (void)parts_.store.commit(mark, store::Sync::no);
}

/// Adds, now and then, when rules were evaluated, so that after a restart it is known how long
/// nobody looked.
bool Alerting::add_mark(store::WriteBatch& changes) {
  if (evaluated_at_ >= marked_at_ && evaluated_at_ < marked_at_ + kMarkEveryMs) return false;
  marked_at_ = evaluated_at_;
  book_.mark_evaluated(evaluated_at_, changes);
  return true;
}

TimeMs Alerting::due() const {
  if (!saving_) return std::numeric_limits<TimeMs>::max();
  return judged_.empty() && unsaved_.empty() ? incidents_.due() : 0;
}

/// Something that others found out, from their threads.
void Alerting::later(std::function<void(TimeMs now)> work) {
  post_([this, work = std::move(work)] {
    const TimeMs now = parts_.clock.now_ms();
    work(now);
    settle(now);  // and saved by the next turn, which is due then
  });
}

/// Lets the incidents' clocks work once all are taken, and takes over what has changed.
void Alerting::settle(TimeMs now) {
  if (judged_.empty()) incidents_.step(now);
  ask_for_diagnoses();
  std::vector<rules::Change> changes = incidents_.drain();
  std::move(changes.begin(), changes.end(), std::back_inserter(unsaved_));
}

void Alerting::ask_for_diagnoses() {
  for (const model::Alert& alert : incidents_.undiagnosed()) {
    const bool asked = parts_.diagnose(alert, [this, id = alert.id](rules::Diagnosis diagnosis) {
      later([this, id, diagnosis = std::move(diagnosis)](TimeMs /*now*/) {
        incidents_.diagnosed(id, diagnosis);
      });
    });
    if (!asked) incidents_.diagnosed(alert.id, {});
  }
}

/// Saves some of what is not saved yet, each alert's changes in their order.
void Alerting::save() {
  if (unsaved_.empty()) return;
  const auto end =
      unsaved_.begin() + static_cast<std::ptrdiff_t>(std::min(unsaved_.size(), kSavedAtOnce));
  store::WriteBatch changes;
  for (auto change = unsaved_.begin(); change != end; ++change) {
    book_.record(change->alert, changes);
    if (change->telling != rules::Telling::nothing) {
      parts_.outbox.enqueue({event_of(change->telling), change->alert}, changes);
    }
    if (change->request_action) parts_.outbox.request_action(change->alert, changes);
    const bool open = change->alert.status != model::AlertStatus::resolved;
    parts_.outbox.keep_quiet(change->alert.id, open && !change->alert.suppressed_by.empty());
  }
  add_mark(changes);
  const Status saved = parts_.store.commit(changes, store::Sync::yes);
  if (!saved) {
    failed_.add();
    if (std::exchange(saving_, false)) {
      parts_.logger->error("cannot store alerts, trying again: {}", saved.error().message);
    }
    return;
  }
  saving_ = true;
  std::for_each(unsaved_.begin(), end, [this](const rules::Change& change) { log(change); });
  unsaved_.erase(unsaved_.begin(), end);
  if (parts_.wake_courier) parts_.wake_courier();
}

void Alerting::log(const rules::Change& change) const {
  const model::Alert& alert = change.alert;
  const bool told = change.telling != rules::Telling::nothing || !is_active(alert.status);
  if (!told && !change.hushed) return;  // a detail
  std::string labels;
  for (const auto& [name, value] : alert.labels) {
    // The log is out of an erasure's reach.
    labels.append(" ").append(name).append("=");
    labels.append(model::is_personal(name) ? "(not logged)" : value);
  }
  if (change.hushed) labels += ", kept quiet by " + alert.suppressed_by;
  parts_.logger->info("alert {} {}{}", alert.rule, model::to_string(alert.status), labels);
}

Result<model::Alert> Alerting::command(const Spine::IncidentCommand& command, TimeMs now) {
  Result<model::Alert> done = command(incidents_, now);
  settle(now);
  if (!done) return done;
  // Somebody waits for it, so it goes before what waits already.
  std::stable_partition(unsaved_.begin(), unsaved_.end(),
                        [&](const rules::Change& change) { return change.alert.id == done->id; });
  save();
  if (!saving_) {
    return Error{Errc::unavailable, "the change holds, but cannot be stored at present"};
  }
  return done;
}

Status Alerting::silence(const model::Silence& silence, TimeMs now) {
  store::WriteBatch changes;
  silence_book_.put(silence, changes);
  std::vector<model::Silence> kept;
  for (const model::Silence& other : silences_) {
    if (other.id == silence.id) continue;
    if (other.until > now - kOldSilencesMs) {
      kept.push_back(other);
    } else {
      silence_book_.erase(other.id, changes);
    }
  }
  if (auto stored = parts_.store.commit(changes, store::Sync::yes); !stored) return stored;
  kept.push_back(silence);
  silences_ = std::move(kept);
  incidents_.silence(silences_);
  settle(now);
  save();
  return {};
}

std::shared_ptr<const std::vector<rules::Rule>> Alerting::published_rules() const {
  return published_rules_.with([](const auto& published) { return published; });
}

std::shared_ptr<const std::vector<rules::LiveValue>> Alerting::live_values() const {
  auto values = live_values_.with([](const auto& published) { return published; });
  if (values == nullptr) values = std::make_shared<const std::vector<rules::LiveValue>>();
  return values;
}

}  // namespace vitals::pipeline
