#include <algorithm>
#include <future>
#include <mutex>
#include <utility>

#include <vitals/base/guarded.h>
#include <vitals/pipeline/health.h>
#include <vitals/pipeline/spine.h>

#include "alerting.h"
#include "intake_queue.h"

namespace vitals::pipeline {
namespace {

/// Rows of one group commit: large enough to compress well, small enough to answer soon.
constexpr std::size_t kGroupRowsMax = 16'384;
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
        step_seconds(parts.telemetry.histogram(
            "vitals_spine_step_seconds",
            "One turn of the spine: writers wait for it, and rules are evaluated in it.",
            {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5})) {
    for (const std::string_view component : rules::kComponents) {
      healthy.emplace(component, &parts.telemetry.gauge(
                                     "vitals_component_healthy",
                                     "1 for each component of the daemon that is well, else 0.",
                                     {{"component", std::string(component)}}));
    }
  }

  void run_commands() {
    for (const auto& command : queue.take_commands()) command();
  }
  void write(std::vector<IntakeQueue::Waiting> waiting);
  /// Commits a trifle, so that readiness comes back although nobody dares to write.
  void probe();
  /// Tells the rules which components are not well.
  void watch_health(TimeMs now);
  /// Runs `work` on the spine's thread and waits for it; at once while the spine does not run.
  Status on_spine(const std::function<Status()>& work);
  /// Until there is something to do, unless something comes in.
  DurationMs pause_ms() {
    const std::lock_guard lock(working);
    const TimeMs due = std::min(next_evaluation, alerting->due());
    return std::clamp<DurationMs>(due - parts.clock.now_ms(), 0, options.evaluate_every_ms);
  }

  SpineParts parts;
  const Options options;
  const store::Table health;
  IntakeQueue queue;
  std::atomic<bool> running{false};

  std::mutex working;  ///< held by whoever uses what follows
  std::unique_ptr<Alerting> alerting;
  TimeMs next_evaluation = 0;
  HealthMonitor monitor;
  Observation seen;  ///< what is looked at less often stays in it
  std::int64_t next_look_us = 0;
  std::map<std::string, telemetry::Gauge*, std::less<>> healthy;
  Guarded<std::map<std::string, std::string>> unwell;
  std::atomic<bool> storing{true};

  telemetry::Counter& failed;
  telemetry::Histogram& step_seconds;
};

Result<std::unique_ptr<Spine>> Spine::make(SpineParts parts, const Options& options) {
  const auto health = parts.store.table("health");
  if (!health) return health.error();
  auto state = std::make_unique<State>(std::move(parts), options, *health);
  State& s = *state;
  auto alerting = Alerting::make(s.parts, options, s.failed, [&s](std::function<void()> work) {
    // Once the queue is closed nobody waits for it any more.
    (void)s.queue.command(std::move(work));
  });
  if (!alerting) return std::move(alerting).error();
  s.alerting = *std::move(alerting);
  s.parts.telemetry.gauge_from("vitals_intake_bytes", "Bytes waiting for the spine.",
                               [&s] { return static_cast<double>(s.queue.bytes()); });
  return std::unique_ptr<Spine>(new Spine(std::move(state)));
}

Spine::Spine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Spine::~Spine() = default;

bool Spine::submit(model::ExecutionBatch batch, Done done) {
  return state_->queue.push(std::move(batch), std::move(done));
}

void Spine::run() {
  state_->running = true;
  state_->parts.log.learn_ids();
  while (!state_->queue.drained()) {
    state_->queue.wait_for(std::chrono::milliseconds(state_->pause_ms()));
    step();
  }
  state_->running = false;
}

void Spine::close() { state_->queue.close(); }

void Spine::step() {
  const std::lock_guard lock(state_->working);
  const std::int64_t began_us = state_->parts.clock.monotonic_us();
  state_->run_commands();
  if (auto waiting = state_->queue.take(kGroupRowsMax); !waiting.empty()) {
    state_->write(std::move(waiting));
  }
  const TimeMs now = state_->parts.clock.now_ms();
  const DurationMs every = state_->options.evaluate_every_ms;
  // A clock that was set back must not stop the rules: the next turn is never further than one
  // period away.
  if (now >= state_->next_evaluation || now + every < state_->next_evaluation) {
    if (!state_->storing) state_->probe();
    state_->watch_health(now);
    state_->alerting->evaluate(now);
    // While nothing can be stored, nothing can be told: then silence is the heartbeat's message.
    if (state_->storing && state_->alerting->saving()) state_->parts.outbox.alive(now);
    state_->next_evaluation = now + every;
  } else if (state_->alerting->due() <= now) {
    state_->alerting->turn(now);
  }
  const std::int64_t took_us = state_->parts.clock.monotonic_us() - began_us;
  state_->step_seconds.observe(static_cast<double>(took_us) / 1e6);
}

void Spine::State::write(std::vector<IntakeQueue::Waiting> waiting) {
  std::vector<model::ExecutionBatch> batches;
  batches.reserve(waiting.size());
  for (IntakeQueue::Waiting& one : waiting) batches.push_back(std::move(one.batch));

  const auto appended = parts.log.append(std::move(batches));
  const bool refused = !appended && appended.error().code != Errc::invalid_argument;
  const bool stored_before = storing.exchange(!refused);
  if (!appended) {
    failed.add();
    // Once, not for every group: a full disk must not be filled with complaints.
    if (stored_before) parts.logger->error("cannot store events: {}", appended.error().message);
    for (const IntakeQueue::Waiting& one : waiting) one.done(appended.error());
    return;
  }
  if (appended->rows != nullptr) {
    alerting->apply(*appended->rows, parts.clock.now_ms());
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    waiting[i].done(appended->outcomes[i]);
  }
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

Status Spine::load_incident_options(rules::IncidentOptions options) {
  return state_->on_spine([&]() -> Status {
    state_->alerting->use(std::move(options));
    return {};
  });
}

Result<model::Alert> Spine::command(const IncidentCommand& command) {
  Result<model::Alert> answer = Error{Errc::unavailable, "the daemon is stopping"};
  const Status ran = state_->on_spine([&]() -> Status {
    answer = state_->alerting->command(command, state_->parts.clock.now_ms());
    return {};
  });
  if (!ran) return ran.error();
  return answer;
}

Status Spine::silence(const model::Silence& silence) {
  return state_->on_spine(
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
