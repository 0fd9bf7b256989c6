#include <algorithm>
#include <future>
#include <mutex>
#include <utility>

#include <vitals/base/guarded.h>
#include <vitals/pipeline/health.h>
#include <vitals/pipeline/spine.h>

#include "alerting.h"
#include "intake_queue.h"
#include "late_joins.h"

namespace vitals::pipeline {
namespace {

/// Rows of one group commit: large enough to compress well, small enough to answer soon.
constexpr std::size_t kGroupRowsMax = 16'384;
/// A step that took so long leaves the next thing to the next step.
constexpr std::int64_t kLongUs = 5'000;
/// Between two evaluations that have more to do than fits into one.
constexpr DurationMs kNextPartMs = 100;
/// What may take the disk a while is looked at so often.
constexpr DurationMs kLookEveryMs = 10'000;

}  // namespace

struct Spine::State {
  State(SpineParts given, const Options& chosen, store::Table health_table)
      : parts(std::move(given)),
        options(chosen),
        health(health_table),
        queue(options.queue_bytes_max),
        monitor(options.health),
        failed(parts.telemetry.counter("vitals_commit_failures_total",
                                       "Group commits that the store refused.")),
        command_seconds(step_seconds("commands")),
        write_seconds(step_seconds("write")),
        alert_seconds(step_seconds("alerts")) {
    for (const std::string_view component : rules::kComponents) {
      healthy.emplace(component, &parts.telemetry.gauge(
                                     "vitals_component_healthy",
                                     "1 for each component of the daemon that is well, else 0.",
                                     {{"component", std::string(component)}}));
    }
  }

  telemetry::Histogram& step_seconds(const char* part) const {
    return parts.telemetry.histogram(
        "vitals_spine_step_seconds",
        "What a step of the spine took for commands and answers to it, to write events, and to "
        "judge "
        "rules and go on with alerts.",
        {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.2, 0.5, 1, 5},
        {{"part", part}});
  }
  std::int64_t now_us() const { return parts.clock.monotonic_us(); }
  void observe(telemetry::Histogram& seconds, std::int64_t began_us) const {
    seconds.observe(static_cast<double>(now_us() - began_us) / 1e6);
  }
  void run_commands() {
    const auto commands = queue.take_commands();
    if (commands.empty()) return;
    const std::int64_t began_us = now_us();
    for (const auto& command : commands) command();
    observe(command_seconds, began_us);
  }
  void write();
  Status write_all();
  void show(const model::ExecutionBatch& rows);
  /// Commits a trifle, so that readiness comes back although nobody dares to write.
  void probe();
  /// Tells the rules which components are not well.
  void watch_health(TimeMs now);
  bool evaluation_due(TimeMs now) const;
  bool alerts_due() const;
  /// Evaluates rules and goes on with alerts, when it is time.
  void care_for_alerts();
  void evaluate(TimeMs now);
  bool is_long(std::int64_t began_us) const { return now_us() - began_us >= kLongUs; }
  /// Runs `work` on the spine's thread and waits for it; at once while the spine does not run.
  Status on_spine(const std::function<Status()>& work);
  /// The same for people, who are not kept waiting for seconds: each would hold a query thread.
  Status for_people(const std::function<Status()>& work) {
    if (learning) return Error{Errc::unavailable, "the daemon is starting, try again in a moment"};
    return on_spine(work);
  }
  /// Until there is something to do, unless something comes in.
  DurationMs pause_ms() {
    const std::lock_guard lock(working);
    if (alerts_first || turn_owed) return 0;
    const TimeMs due = std::min(next_evaluation, alerting->due());
    return std::clamp<DurationMs>(due - parts.clock.now_ms(), 0, options.evaluate_every_ms);
  }

  SpineParts parts;
  const Options options;
  const store::Table health;
  IntakeQueue queue;
  std::atomic<bool> running{false};
  std::atomic<bool> learning{false};  ///< ids, for seconds after a start; nothing else is done

  std::mutex working;  ///< held by whoever uses what follows
  std::unique_ptr<Alerting> alerting;
  std::unique_ptr<LateJoins> joins;
  TimeMs next_evaluation = 0;
  bool turn_owed = false;     ///< an evaluation was not followed by a turn yet
  bool alerts_first = false;  ///< the next step writes nothing: alerts have waited for this one
  HealthMonitor monitor;
  Observation seen;  ///< what is looked at less often stays in it
  std::int64_t next_look_us = 0;
  std::map<std::string, telemetry::Gauge*, std::less<>> healthy;
  Guarded<std::map<std::string, std::string>> unwell;
  std::atomic<bool> storing{true};
  std::atomic<std::uint64_t> signals{0};  ///< on their way

  telemetry::Counter& failed;
  telemetry::Histogram& command_seconds;
  telemetry::Histogram& write_seconds;
  telemetry::Histogram& alert_seconds;
};

Result<std::unique_ptr<Spine>> Spine::make(SpineParts parts, const Options& options) {
  const auto health = parts.store.table("health");
  if (!health) return health.error();
  auto state = std::make_unique<State>(std::move(parts), options, *health);
  State& s = *state;
  // Once the queue is closed nobody waits for it any more.
  const auto post = [&s](std::function<void()> work) { (void)s.queue.command(std::move(work)); };
  auto alerting = Alerting::make(s.parts, options, s.failed, post);
  if (!alerting) return std::move(alerting).error();
  s.alerting = *std::move(alerting);
  const auto append = [&s](model::ExecutionBatch rows, Intake::Done done) {
    return s.queue.push(std::move(rows), std::move(done));
  };
  auto joins = LateJoins::make(s.parts, s.options, post, append);
  if (!joins) return std::move(joins).error();
  s.joins = *std::move(joins);
  s.parts.telemetry.gauge_from("vitals_intake_bytes", "Bytes waiting for the spine.",
                               [&s] { return static_cast<double>(s.queue.bytes()); });
  return std::unique_ptr<Spine>(new Spine(std::move(state)));
}

Spine::Spine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Spine::~Spine() = default;

bool Spine::submit(model::ExecutionBatch batch, Done done) {
  return state_->queue.push(std::move(batch), std::move(done));
}

bool Spine::submit(std::vector<model::Signal> signals, SignalsDone done) {
  State& state = *state_;
  const std::uint64_t count = signals.size();
  if (state.signals.fetch_add(count) + count > kSignalsMax) {
    state.signals -= count;
    return false;
  }
  const auto waiting = std::make_shared<std::vector<model::Signal>>(std::move(signals));
  const bool taken = state.queue.command([&state, waiting, count, done = std::move(done)] {
    state.joins->take(std::move(*waiting), [&state, count, done](Result<SignalsOutcome> outcome) {
      state.signals -= count;
      done(std::move(outcome));
    });
  });
  if (!taken) state.signals -= count;
  return taken;
}

void Spine::run() {
  state_->learning = true;
  state_->running = true;
  state_->parts.log.learn_ids();
  state_->learning = false;
  while (!state_->queue.drained()) {
    state_->queue.wait_for(std::chrono::milliseconds(state_->pause_ms()));
    step();
  }
  state_->running = false;
}

void Spine::close() { state_->queue.close(); }

void Spine::step() {
  const std::lock_guard lock(state_->working);
  const std::int64_t began_us = state_->now_us();
  state_->run_commands();
  const bool alerts_first = std::exchange(state_->alerts_first, false);
  if (!alerts_first) state_->write();
  // Their turn is theirs: nothing puts them off twice.
  const bool may_wait = !alerts_first && state_->is_long(began_us);
  if (may_wait) {
    state_->alerts_first = state_->alerts_due();
  } else {
    state_->care_for_alerts();
  }
}

/// A clock that was set back must not stop the rules: the next evaluation is never further than
/// one period away.
bool Spine::State::evaluation_due(TimeMs now) const {
  return now >= next_evaluation || now + options.evaluate_every_ms < next_evaluation;
}

bool Spine::State::alerts_due() const {
  const TimeMs now = parts.clock.now_ms();
  return turn_owed || evaluation_due(now) || alerting->due() <= now;
}

void Spine::State::care_for_alerts() {
  if (!alerts_due()) return;
  const TimeMs now = parts.clock.now_ms();
  const std::int64_t began_us = now_us();
  // What one evaluation has found is taken up before the next.
  const bool judging = !turn_owed && evaluation_due(now);
  const bool judged = judging || turn_owed;
  if (judging) evaluate(now);
  turn_owed = judging && is_long(began_us);
  if (!turn_owed) {
    alerting->turn(now);
    // While nothing can be stored, nothing can be told: then silence is the heartbeat's message.
    if (judged && storing && alerting->saving()) parts.outbox.alive(now);
  }
  observe(alert_seconds, began_us);
}

void Spine::State::evaluate(TimeMs now) {
  if (!storing) probe();
  watch_health(now);
  joins->tick(now);
  const bool all = alerting->evaluate(now);
  const DurationMs every = options.evaluate_every_ms;
  next_evaluation = now + (all ? every : std::min(every, kNextPartMs));
}

void Spine::State::write() {
  std::vector<IntakeQueue::Waiting> waiting = queue.take(kGroupRowsMax);
  if (waiting.empty()) return;
  std::vector<model::ExecutionBatch> batches;
  batches.reserve(waiting.size());
  const std::int64_t began_us = now_us();
  for (IntakeQueue::Waiting& one : waiting) batches.push_back(std::move(one.batch));

  const auto appended = parts.log.append(std::move(batches));
  const bool refused = !appended && appended.error().code != Errc::invalid_argument;
  const bool stored_before = storing.exchange(!refused);
  if (!appended) {
    failed.add();
    // Once, not for every group: a full disk must not be filled with complaints.
    if (stored_before) parts.logger->error("cannot store events: {}", appended.error().message);
    for (const IntakeQueue::Waiting& one : waiting) one.done(appended.error());
    observe(write_seconds, began_us);
    return;
  }
  if (appended->rows != nullptr) {
    show(*appended->rows);
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    waiting[i].done(appended->outcomes[i]);
  }
  observe(write_seconds, began_us);
}

/// Shows rows to whoever waits for them.
void Spine::State::show(const model::ExecutionBatch& rows) {
  const TimeMs now = parts.clock.now_ms();
  if (const auto measured = rows.measured_rows()) {
    model::ExecutionBatch part;
    part.append(rows, *measured);
    alerting->apply(part, now);
  } else {
    alerting->apply(rows, now);
  }
  joins->appended(rows);
}

void Spine::State::probe() {
  store::WriteBatch change;
  change.put(health, "probe", "");
  storing = parts.store.commit(change, store::Sync::yes).ok();
  if (storing) parts.logger->info("events can be stored again");
}

void Spine::State::watch_health(TimeMs now) {
  seen.now = now;
  seen.monotonic_us = parts.clock.monotonic_us();
  seen.storing = storing && alerting->saving();
  seen.queue_share =
      static_cast<double>(queue.bytes()) / static_cast<double>(options.queue_bytes_max);
  if (seen.monotonic_us >= next_look_us) {
    next_look_us = seen.monotonic_us + kLookEveryMs * 1'000;
    if (parts.disk_free) seen.disk_free_bytes = parts.disk_free();
    seen.receivers.clear();
    for (const notify::ReceiverState& state : parts.outbox.receivers()) {
      const bool paused = state.circuit != notify::ReceiverState::Circuit::closed;
      seen.receivers.push_back({state.name, paused, state.oldest_at});
    }
  }
  auto found = monitor.check(seen);
  for (const auto& [component, gauge] : healthy) gauge->set(found.count(component) == 0 ? 1 : 0);
  unwell.with([&](auto& published) { published = found; });
  alerting->health(std::move(found));
}

Status Spine::State::on_spine(const std::function<Status()>& work) {
  if (!running) {
    const std::lock_guard lock(working);
    return work();
  }
  std::promise<Status> done;
  auto result = done.get_future();
  if (!queue.command([&] { done.set_value(work()); })) {
    return Error{Errc::unavailable, "the daemon is stopping"};
  }
  return result.get();
}

Status Spine::load_rules(std::vector<rules::Rule> rules) {
  return state_->on_spine([&] { return state_->alerting->use(std::move(rules)); });
}

Status Spine::reload_windows() {
  return state_->on_spine([this] { return state_->alerting->refill_windows(); });
}

/// Everything that was submitted before is in the log, or refused.
Status Spine::State::write_all() {
  if (!running) {
    const std::lock_guard lock(working);
    while (queue.bytes() > 0) write();
    return {};
  }
  std::promise<Status> written;
  auto result = written.get_future();
  const auto tell = [&written](const Result<events::BatchOutcome>& outcome) {
    written.set_value(outcome ? Status() : Status(outcome.error()));
  };
  if (!queue.push({}, tell)) {
    return Error{Errc::unavailable, "too many events are waiting to be stored"};
  }
  return result.get();
}

Result<std::uint64_t> Spine::forget(const model::Persons& persons) {
  Result<std::uint64_t> alerts = Error{Errc::unavailable, "the daemon is stopping"};
  const Status ran = state_->on_spine([&]() -> Status {
    alerts = state_->alerting->forget(persons);
    return state_->joins->forget(persons);
  });
  if (!ran) return ran.error();
  if (Status written = state_->write_all(); !written) return std::move(written).error();
  return alerts;
}

Status Spine::load_incident_options(rules::IncidentOptions options) {
  return state_->on_spine([&]() -> Status {
    state_->alerting->use(std::move(options));
    return {};
  });
}

Result<model::Alert> Spine::command(const IncidentCommand& command) {
  Result<model::Alert> answer = Error{Errc::unavailable, "the daemon is stopping"};
  const Status ran = state_->for_people([&]() -> Status {
    answer = state_->alerting->command(command, state_->parts.clock.now_ms());
    return {};
  });
  if (!ran) return ran.error();
  return answer;
}

Status Spine::silence(const model::Silence& silence) {
  return state_->for_people(
      [&] { return state_->alerting->silence(silence, state_->parts.clock.now_ms()); });
}

bool Spine::storing() const { return state_->storing; }

std::shared_ptr<const std::vector<rules::LiveValue>> Spine::live_values() const {
  return state_->alerting->live_values();
}

std::map<std::string, std::string> Spine::unwell() const {
  return state_->unwell.with([](const auto& published) { return published; });
}

std::shared_ptr<const std::vector<rules::Rule>> Spine::rules() const {
  return state_->alerting->published_rules();
}

}  // namespace vitals::pipeline
