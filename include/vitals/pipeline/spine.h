#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/persons.h>
#include <vitals/notify/outbox.h>
#include <vitals/pipeline/health.h>
#include <vitals/pipeline/intake.h>
#include <vitals/pipeline/revision.h>
#include <vitals/rules/evaluator.h>
#include <vitals/rules/incidents.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>
#include <vitals/window/windows.h>

namespace vitals::pipeline {

struct Options {
  std::uint64_t queue_bytes_max = 64ULL << 20;       ///< intake; beyond it writers get 503
  DurationMs evaluate_every_ms = 1'000;              ///< rules
  std::size_t rule_groups_max = window::kGroupsMax;  ///< groups that all rules watch together
  std::uint64_t fold_events = 32'768;         ///< events not yet in cells that start a fold …
  DurationMs fold_every_ms = 60'000;          ///< … or the time since the last one
  DurationMs alert_history_ms = 90 * kDayMs;  ///< resolved alerts are kept this long
  std::uint64_t disk_budget_bytes = 0;        ///< of tables; beyond it the oldest goes; 0: no limit
  DurationMs personal_retention_ms = events::kForever;  ///< of users, sessions, tags, ids
  DurationMs rotate_key_every_ms = 0;  ///< of pseudonyms; 0: only when somebody asks for it
  DurationMs signal_wait_ms = kDayMs;  ///< for an execution that is not known yet
  std::uint32_t signals_waiting_max = 100'000;
  std::set<std::string> distrusted_evaluators;  ///< what they say from now on does not count
  std::size_t comments_waiting_bytes_max = 16U << 20U;  ///< of those that wait
  HealthOptions health;
};

/// What the spine works on. All must outlive it.
struct SpineParts {
  store::Store& store;
  events::EventLog& log;
  notify::Outbox& outbox;
  const metrics::Catalogue& catalogue;
  const Clock& clock;
  Logger logger;
  telemetry::Registry& telemetry;
  std::function<void()> wake_courier;  ///< thread-safe
  /// Finds out elsewhere what lies behind a firing alert, and tells `done` from any thread. False
  /// when there is no room for one more. Empty: alerts are told without.
  std::function<bool(const model::Alert&, std::function<void(rules::Diagnosis)> done)> diagnose =
      {};
  /// Reads elsewhere what a rule of history is judged by, and tells `done` from any thread. False
  /// when there is no room for one more. Empty: such rules are not judged.
  using TellHistory = std::function<void(Result<std::vector<rules::GroupReading>>)>;
  std::function<bool(const rules::Rule&, TellHistory done)> read_history = {};
  /// Runs something that reads the log elsewhere. False when there is no room for one more. Empty:
  /// it is run at once, as in tests.
  std::function<bool(std::function<void()>)> run_elsewhere = {};
  /// Empty: the log cannot be rewritten, and second assessments are refused.
  ReviseLog revise = {};
  /// Free bytes where the data folder is; nothing when they cannot be told. Empty: nobody looks.
  std::function<std::optional<std::uint64_t>()> disk_free = {};
};

/// The one thread that writes events: it takes whatever has queued, makes it one block with one
/// synced commit, shows it to the rules' windows and answers. Rules are evaluated when due; alert
/// states and outbox rows are one commit.
class Spine final : public Intake {
 public:
  static Result<std::unique_ptr<Spine>> make(SpineParts parts, const Options& options);
  ~Spine() override;

  bool submit(model::ExecutionBatch batch, Done done) override;
  bool submit(std::vector<model::Signal> signals, SignalsDone done) override;

  /// Replaces the rules: their windows are filled from the log, open alerts are carried over.
  /// Before run(), or from any thread while it runs (then it waits for the spine to do it).
  /// Errors: invalid_argument naming the rule; the old rules stay.
  Status load_rules(std::vector<rules::Rule> rules);

  /// Fills the windows from the log again, after events were erased. Like load_rules().
  Status reload_windows();

  /// Forgets persons in alerts, silences and windows; returns how many saved alerts named them.
  /// Like load_rules(), after the log has forgotten them.
  /// Whatever was read of them before is in the log when it returns, and nothing comes after.
  Result<std::uint64_t> forget(const model::Persons& persons);

  /// Replaces inhibitions, recovery actions and the like. Like load_rules().
  Status load_incident_options(rules::IncidentOptions options);

  /// Runs a command on the open incidents and saves what it changed before it returns. Like
  /// load_rules(). Errors: the command's; unavailable when it cannot be saved yet.
  using IncidentCommand = std::function<Result<model::Alert>(rules::Incidents&, TimeMs now)>;
  Result<model::Alert> command(const IncidentCommand& command);

  /// Adds a silence, or replaces the one of its id, on disk before it returns. Like load_rules().
  Status silence(const model::Silence& silence);

  /// The rules in force. Thread-safe.
  std::shared_ptr<const std::vector<rules::Rule>> rules() const;

  /// What the rules of open alerts said of them at the last evaluation, in no certain
  /// order. Thread-safe.
  std::shared_ptr<const std::vector<rules::LiveValue>> live_values() const;

  /// False while the store refuses commits, as on a full disk; the spine tries on by itself.
  /// Thread-safe.
  bool storing() const;

  /// Components of the daemon that were not well at the last evaluation, and why. Thread-safe.
  std::map<std::string, std::string> unwell() const;

  /// Works until close() and until everything that was submitted is answered.
  void run();
  /// Takes no more. Thread-safe.
  void close();

  /// One turn without waiting: writes what has queued, evaluates rules if due. For run() and tests.
  void step();

 private:
  struct State;
  explicit Spine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vitals::pipeline
