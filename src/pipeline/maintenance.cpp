#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>

#include <vitals/pipeline/maintenance.h>

#include "disk_budget.h"
#include "erasing.h"
#include "log_tail.h"
#include "person_upkeep.h"
#include "rebuilding.h"
#include "revising.h"

namespace vitals::pipeline {
namespace {

/// So many events are folded early once none have come for a while: queries would read them raw.
/// Fewer cost a query little, and a fold of them costs more than they are worth.
constexpr std::uint64_t kFoldIdleEvents = 8'192;
constexpr DurationMs kFoldIdleMs = 1'000;
constexpr DurationMs kIdleMs = 1'000;
constexpr DurationMs kExpireEveryMs = 60'000;
constexpr DurationMs kBudgetEveryMs = 10'000;
constexpr DurationMs kErasuresEveryMs = 10'000;
/// Names and keys. Each time costs reading the names of an epoch.
constexpr DurationMs kNamesEveryMs = kHourMs;

}  // namespace

struct Maintenance::State {
  State(MaintenanceParts given, const Options& chosen)
      : parts(std::move(given)),
        options(chosen),
        fold_seconds(parts.telemetry.histogram("vitals_fold_seconds",
                                               "Time of adding log events to the cells.",
                                               telemetry::duration_bounds())),
        budget(parts, options.disk_budget_bytes),
        rebuilding(parts),
        erasing(parts, {[this](events::Position end) { return fold_through(end); },
                        [this] { return rebuilding.all(); }, [this] { return forget_names(); }}),
        persons(parts, options, [this] { return forget_names(); }) {}

  bool fold_due(TimeMs now) const;
  Status fold_once();
  /// Stops early once it took so long.
  Status fold_through(events::Position end, DurationMs most_ms = events::kForever);
  Status expire(TimeMs now);
  Status forget_names();
  Result<events::Erased> erase(const std::vector<model::Filter>& filters, TimeMs from_ms,
                               TimeMs to_ms);
  Result<ErasureProof> erase_users(const model::Persons::Names& users);
  Result<Revisions> revise(std::span<const Revision> revisions);
  Status resume_erasures();
  Status erase_rows(const std::vector<model::Filter>& filters, TimeMs from_ms, TimeMs to_ms,
                    events::Position before, events::Erased& erased);
  /// Says what failed in the log, once as long as it fails the same way; true when it went well.
  bool check(const char* what, const Status& status);
  /// True when there is more to do.
  bool check(const char* what, const Result<std::uint64_t>& removed);
  bool run_commands();
  /// Runs `work` on the maintenance thread and waits for it; at once while that does not run.
  template <class Answer>
  Answer on_thread(std::function<Answer()> work);
  /// Leaves `work` to the maintenance thread, now or when it runs; false when it has stopped. It
  /// waits for nothing that others hold, so that the spine may call it in the middle of a step.
  bool post(std::function<void()> work);

  MaintenanceParts parts;
  const Options options;
  telemetry::Histogram& fold_seconds;
  DiskBudget budget;
  Rebuilding rebuilding;
  Erasing erasing;
  PersonUpkeep persons;
  TimeMs last_fold = 0;
  events::Position last_end = 0;  ///< of the log, as last seen …
  TimeMs last_growth = 0;         ///< … and when that was new
  TimeMs last_expire = 0;
  TimeMs last_names = 0;
  TimeMs last_budget = 0;
  TimeMs last_erasures = 0;
  bool erasures_left = true;  ///< that a crash or an error may have cut short
  bool started = false;
  std::map<std::string_view, std::string> complaints;  ///< what fails at present

  std::mutex working;  ///< held by whoever does any of the above
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> commands;
  std::atomic<bool> running{false};
  bool stopped = false;
};

Maintenance::Maintenance(MaintenanceParts parts, const Options& options)
    : state_(std::make_unique<State>(std::move(parts), options)) {}
Maintenance::~Maintenance() = default;

void Maintenance::run() {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  s.running = true;
  while (!s.stopped) {
    lock.unlock();
    const DurationMs idle_ms = step();
    lock.lock();
    s.changed.wait_for(lock, std::chrono::milliseconds(idle_ms),
                       [&s] { return s.stopped || !s.commands.empty(); });
  }
  s.running = false;
  lock.unlock();
  run_commands();
}

void Maintenance::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->changed.notify_all();
}

void Maintenance::run_commands() {
  const std::lock_guard lock(state_->working);
  state_->run_commands();
}

DurationMs Maintenance::step() {
  State& s = *state_;
  const std::lock_guard lock(s.working);
  const TimeMs now = s.parts.clock.now_ms();
  bool more = s.run_commands();
  if (!s.started) {
    s.started = true;
    s.last_fold = now;
  }
  if (s.erasures_left && (now - s.last_erasures >= kErasuresEveryMs || now < s.last_erasures)) {
    s.last_erasures = now;
    s.check("erase a user", s.resume_erasures());
  }
  if (s.rebuilding.due()) {
    if (const auto round = s.rebuilding.next()) s.check("rebuild cells", *round);
  }
  if (s.fold_due(now)) {
    // What follows must not wait for it: dropping old data may be what lets it go on.
    more = (s.check("fold the log into cells", s.fold_once()) && s.fold_due(now)) || more;
  }
  if (const events::Position end = s.parts.log.end(); end != s.last_end) {
    s.last_end = end;
    s.last_growth = now;
  }
  more = s.check("compact cells", s.parts.rollups.compact()) || more;
  more = s.check("merge small blocks", s.parts.log.merge_small_blocks()) || more;
  more = s.check("take people out of old events", s.persons.forget_old(now)) || more;
  if (now - s.last_names >= kNamesEveryMs || now < s.last_names) {
    s.last_names = now;
    s.check("forget unused names", s.forget_names());
    s.check("keep the keys of pseudonyms", s.persons.keep_keys(now));
  }
  if (now - s.last_expire >= kExpireEveryMs || now < s.last_expire) {
    s.last_expire = now;
    s.check("drop what retention has passed", s.expire(now));
  }
  if (now - s.last_budget >= kBudgetEveryMs || now < s.last_budget) {
    s.last_budget = now;
    s.check("keep the disk budget", s.budget.keep(now));
  }
  return more || s.rebuilding.due() ? 0 : kIdleMs;
}

Status Maintenance::fold_all(DurationMs most_ms) {
  return state_->on_thread<Status>(
      [this, most_ms] { return state_->fold_through(state_->parts.log.end(), most_ms); });
}

Result<events::Erased> Maintenance::erase(std::vector<model::Filter> filters, TimeMs from_ms,
                                          TimeMs to_ms) {
  return state_->on_thread<Result<events::Erased>>(
      [&] { return state_->erase(filters, from_ms, to_ms); });
}

Result<ErasureProof> Maintenance::erase_users(const model::Persons::Names& users) {
  return state_->on_thread<Result<ErasureProof>>([&] { return state_->erase_users(users); });
}

bool Maintenance::revise(std::vector<Revision> revisions,
                         std::function<void(Result<Revisions>)> done) {
  return state_->post([this, revisions = std::move(revisions), done = std::move(done)] {
    done(state_->revise(revisions));
  });
}

Status Maintenance::complete_cells() {
  return state_->on_thread<Status>([this] {
    const MaintenanceParts& parts = state_->parts;
    if (Status folded = state_->fold_through(parts.log.end()); !folded) return folded;
    return parts.rollups.make_days();
  });
}

bool Maintenance::State::fold_due(TimeMs now) const {
  const events::Position end = parts.log.end();
  const std::uint64_t waiting = end - parts.rollups.watermark();
  const bool idle = end == last_end && now - last_growth >= kFoldIdleMs;
  return (idle && waiting >= kFoldIdleEvents) || waiting >= options.fold_events ||
         (waiting > 0 && (now - last_fold >= options.fold_every_ms || now < last_fold));
}

Status Maintenance::State::fold_once() {
  const std::int64_t begin_us = parts.clock.monotonic_us();
  const auto tail = read_tail(parts.log, parts.store, parts.rollups.watermark());
  if (!tail) return tail.error();
  auto folded = parts.rollups.fold(tail->batches, tail->through);
  last_fold = parts.clock.now_ms();
  fold_seconds.observe(static_cast<double>(parts.clock.monotonic_us() - begin_us) / 1e6);
  return folded;
}

Status Maintenance::State::fold_through(events::Position end, DurationMs most_ms) {
  const std::int64_t begin_us = parts.clock.monotonic_us();
  while (parts.rollups.watermark() < end) {
    if (auto folded = fold_once(); !folded) return folded;
    if ((parts.clock.monotonic_us() - begin_us) / 1000 >= most_ms) break;
  }
  return {};
}

Status Maintenance::State::expire(TimeMs now) {
  // Backfill may be older than retention when it comes: it must reach the cells first.
  if (auto blocks = parts.log.expire(parts.rollups.watermark()); !blocks) {
    return std::move(blocks).error();
  }
  if (auto cells = parts.rollups.expire(); !cells) return std::move(cells).error();
  store::WriteBatch changes;
  parts.alerts.expire(now - options.alert_history_ms, changes);
  if (changes.empty()) return {};
  return parts.store.commit(changes, store::Sync::no);
}

Status Maintenance::State::forget_names() {
  while (true) {
    const auto names = parts.log.forget_names();
    if (!names) return names.error();
    if (*names == 0) return {};
  }
}

Result<events::Erased> Maintenance::State::erase(const std::vector<model::Filter>& filters,
                                                 TimeMs from_ms, TimeMs to_ms) {
  // Cells must hold the events before they can be told to forget them.
  const events::Position before = parts.log.end();
  if (auto folded = fold_through(before); !folded) return std::move(folded).error();
  events::Erased erased;
  const Status done = erase_rows(filters, from_ms, to_ms, before, erased);
  // Also when the rest failed: cells must not tell of what the log has forgotten.
  if (erased.rows > 0) parts.logger->warn("erased {} events by request", erased.rows);
  if (rebuilding.expected()) {
    if (auto rebuilt = rebuilding.all(); !rebuilt) return std::move(rebuilt).error();
    if (auto forgotten = forget_names(); !forgotten) return std::move(forgotten).error();
  }
  if (!done) return done.error();
  return erased;
}

Result<ErasureProof> Maintenance::State::erase_users(const model::Persons::Names& users) {
  rebuilding.expect();
  // What one that failed half way has left needs the key of that one, or what was said of an
  // execution is parted from it.
  if (erasures_left) {
    if (Status resumed = resume_erasures(); !resumed) return std::move(resumed).error();
  }
  auto proof = erasing.erase(users);
  if (!proof || !proof->files_gone) erasures_left = true;
  return proof;
}

Result<Revisions> Maintenance::State::revise(std::span<const Revision> revisions) {
  if (revisions.empty()) return Revisions{};
  // Cells must have what is revised, to be told to make it anew.
  if (Status folded = fold_through(revisions.back().position + 1); !folded) {
    return std::move(folded).error();
  }
  rebuilding.expect();
  return pipeline::revise(parts, revisions);
}

Status Maintenance::State::resume_erasures() {
  rebuilding.expect();
  const auto left = erasing.resume();
  if (!left) return left.error();
  erasures_left = *left;
  return {};
}

Status Maintenance::State::erase_rows(const std::vector<model::Filter>& filters, TimeMs from_ms,
                                      TimeMs to_ms, events::Position before,
                                      events::Erased& erased) {
  while (erased.next < before) {
    store::WriteBatch changes;
    const auto part = parts.log.erase(filters, from_ms, to_ms, erased.next, before, changes);
    if (!part) return part.error();
    if (part->rows > 0) {
      parts.rollups.mark_dirty(changes, part->from_ms, part->to_ms);
      rebuilding.expect();
    }
    if (!changes.empty()) {
      if (auto saved = parts.store.commit(changes, store::Sync::yes); !saved) return saved;
    }
    erased.next = part->next;
    erased.rows += part->rows;
    erased.signals += part->signals;
    erased.from_ms = std::min(erased.from_ms, part->from_ms);
    erased.to_ms = std::max(erased.to_ms, part->to_ms);
  }
  return {};
}

bool Maintenance::State::check(const char* what, const Status& status) {
  std::string& said = complaints[what];
  if (!status && said != status.error().message) {
    said = status.error().message;
    parts.logger->error("cannot {}: {}", what, said);
  }
  if (status) said.clear();
  return status.ok();
}

bool Maintenance::State::check(const char* what, const Result<std::uint64_t>& removed) {
  const Status status = removed ? Status() : Status(removed.error());
  return check(what, status) && *removed > 0;
}

bool Maintenance::State::run_commands() {
  std::deque<std::function<void()>> taken;
  {
    const std::lock_guard lock(mutex);
    taken.swap(commands);
  }
  for (const auto& command : taken) command();
  return !taken.empty();
}

template <class Answer>
Answer Maintenance::State::on_thread(std::function<Answer()> work) {
  std::promise<Answer> done;
  if (!post([&] { done.set_value(work()); })) {
    return Error{Errc::unavailable, "the daemon is stopping"};
  }
  if (!running) {
    const std::lock_guard lock(working);
    run_commands();
  }
  return done.get_future().get();
}

bool Maintenance::State::post(std::function<void()> work) {
  const std::lock_guard lock(mutex);
  if (stopped) return false;
  commands.push_back(std::move(work));
  changed.notify_all();
  return true;
}

}  // namespace vitals::pipeline
