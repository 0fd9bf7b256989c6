#include <algorithm>
#include <future>
#include <mutex>
#include <utility>

#include <vitals/base/guarded.h>
#include <vitals/pipeline/alert_book.h>
#include <vitals/pipeline/spine.h>

#include "intake_queue.h"
#include "rule_set.h"

namespace vitals::pipeline {
namespace {

/// Rows of one group commit: large enough to compress well, small enough to answer soon.
constexpr std::size_t kGroupRowsMax = 16'384;

}  // namespace

struct Spine::State {
  State(SpineParts given, const Options& chosen, const AlertBook& alerts, store::Table health_table)
      : parts(std::move(given)),
        options(chosen),
        book(alerts),
        health(health_table),
        started_at(parts.clock.now_ms()),
        queue(options.queue_bytes_max),
        failed(parts.telemetry.counter("vitals_commit_failures_total",
                                       "Group commits that the store refused.")),
        groups_refused(parts.telemetry.counter(
            "vitals_rule_groups_refused_total",
            "Groups of a batch that rules could not watch, as too many are watched.")) {}

  void run_commands() {
    for (const auto& command : queue.take_commands()) command();
  }
  void write(std::vector<IntakeQueue::Waiting> waiting);
  void evaluate(TimeMs now);
  /// Commits a trifle, so that readiness comes back although nobody dares to write.
  void probe();
  Status use(std::vector<rules::Rule> rules);
  /// Runs `work` on the spine's thread and waits for it; at once while the spine does not run.
  Status on_spine(const std::function<Status()>& work);

  SpineParts parts;
  const Options options;
  const AlertBook book;
  const store::Table health;
  const TimeMs started_at;
  IntakeQueue queue;
  std::atomic<bool> running{false};

  std::mutex working;  ///< held by whoever uses what follows
  RuleSet rule_set;
  Guarded<std::shared_ptr<const std::vector<rules::Rule>>> published_rules;
  TimeMs next_evaluation = 0;
  std::atomic<bool> storing{true};
  std::vector<model::Alert> unsaved;  ///< changed alerts that no commit has taken yet

  telemetry::Counter& failed;
  telemetry::Counter& groups_refused;
};

Result<std::unique_ptr<Spine>> Spine::make(SpineParts parts, const Options& options) {
  auto book = AlertBook::open(parts.store);
  if (!book) return std::move(book).error();
  const auto health = parts.store.table("health");
  if (!health) return health.error();
  auto state = std::make_unique<State>(std::move(parts), options, *book, *health);
  if (auto used = state->use({}); !used) return std::move(used).error();
  State& s = *state;
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
    const DurationMs until_due = state_->next_evaluation - state_->parts.clock.now_ms();
    const DurationMs wait_ms =
        std::clamp<DurationMs>(until_due, 0, state_->options.evaluate_every_ms);
    state_->queue.wait_for(std::chrono::milliseconds(wait_ms));
    step();
  }
  state_->running = false;
}

void Spine::close() { state_->queue.close(); }

void Spine::step() {
  const std::lock_guard lock(state_->working);
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
    state_->evaluate(now);
    state_->next_evaluation = now + every;
  }
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
    rule_set.windows->apply(*appended->rows, parts.clock.now_ms());
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

void Spine::State::evaluate(TimeMs now) {
  const bool failed_before = !unsaved.empty();
  for (model::Alert& alert : rule_set.evaluator->evaluate(now)) unsaved.push_back(std::move(alert));
  if (unsaved.empty()) return;

  store::WriteBatch changes;
  for (const model::Alert& alert : unsaved) {
    book.record(alert, changes);
    const bool told = alert.status == model::AlertStatus::firing ||
                      (alert.status == model::AlertStatus::resolved && alert.firing_since != 0);
    if (told) parts.outbox.enqueue(alert, changes);
  }
  if (const auto saved = parts.store.commit(changes, store::Sync::yes); !saved) {
    failed.add();
    if (!failed_before) {
      parts.logger->error("cannot store alerts, trying again: {}", saved.error().message);
    }
    return;
  }
  for (const model::Alert& alert : unsaved) {
    parts.logger->info("alert {} {}", alert.rule, model::to_string(alert.status));
  }
  unsaved.clear();
  if (parts.wake_courier) parts.wake_courier();
}

Status Spine::State::use(std::vector<rules::Rule> rules) {
  auto made = make_rule_set(std::move(rules), parts.catalogue, parts.log, parts.store,
                            parts.clock.now_ms(), parts.logger, groups_refused);
  if (!made) return std::move(made).error();
  // A reload must not start the clocks of absence anew.
  made->evaluator->listening_since(started_at);
  // The running evaluator knows more than the store; without one the store has it.
  if (rule_set.evaluator != nullptr) {
    made->evaluator->restore(rule_set.evaluator->open());
  } else {
    auto open = book.open_alerts();
    if (!open) return std::move(open).error();
    made->evaluator->restore(*std::move(open));
  }
  rule_set = *std::move(made);
  auto in_force = std::make_shared<const std::vector<rules::Rule>>(rule_set.evaluator->rules());
  published_rules.with([&](auto& published) { published = std::move(in_force); });
  return {};
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
  return state_->on_spine([&] { return state_->use(std::move(rules)); });
}

Status Spine::reload_windows() {
  return state_->on_spine([this] { return state_->use(state_->rule_set.evaluator->rules()); });
}

bool Spine::storing() const { return state_->storing; }

std::shared_ptr<const std::vector<rules::Rule>> Spine::rules() const {
  return state_->published_rules.with([](const auto& published) { return published; });
}

}  // namespace vitals::pipeline
