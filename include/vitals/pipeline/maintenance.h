#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/model/filter.h>
#include <vitals/model/persons.h>
#include <vitals/pipeline/alert_book.h>
#include <vitals/pipeline/erasure.h>
#include <vitals/pipeline/revision.h>
#include <vitals/pipeline/spine.h>
#include <vitals/registry/pseudonyms.h>
#include <vitals/series/rollups.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::pipeline {

/// How those forget a person who keep more than events and cells; thread-safe. Empty: there is
/// nobody.
struct OtherMemories {
  struct Forgotten {
    std::uint64_t alerts = 0;
    std::uint64_t deliveries = 0;
  };
  std::function<Result<Forgotten>(const model::Persons&)> forget = {};
  std::function<Result<bool>()> purge = {};  ///< as Store::purge(), of all that they keep
};

/// What maintenance works on. All must outlive it.
struct MaintenanceParts {
  store::Store& store;
  events::EventLog& log;
  series::Rollups& rollups;
  const AlertBook& alerts;
  registry::Pseudonyms& pseudonyms;
  const Clock& clock;
  Logger logger;
  telemetry::Registry& telemetry;
  OtherMemories others = {};
};

/// Everything that makes the store smaller or quicker to read: folds the log into cells, merges
/// blocks and cells, drops what retention has passed, erases. One thread.
class Maintenance {
 public:
  Maintenance(MaintenanceParts parts, const Options& options);
  ~Maintenance();

  /// Works until stop().
  void run();
  void stop();

  /// One turn: does what is due, returns how long nothing will be (0: more is waiting). For run()
  /// and tests.
  DurationMs step();
  /// Of a turn only what others asked for. For run() and tests.
  void run_commands();

  /// Adds every event logged so far to the cells, or so many as it can in about `most_ms`. From any
  /// thread; waits for it.
  Status fold_all(DurationMs most_ms = events::kForever);
  /// The same, and makes the cells of days that are not over too. From any thread; waits for it.
  Status complete_cells();

  /// Removes the events with from_ms ≤ time < to_ms that satisfy all filters, from the log and
  /// from every cell. From any thread; waits for it.
  Result<events::Erased> erase(std::vector<model::Filter> filters, TimeMs from_ms, TimeMs to_ms);

  /// Takes users, by their pseudonyms, out of all that was acknowledged before: log, cells, alerts,
  /// outbox, and the files that held it. From any thread; waits for it. After an error, or a crash,
  /// maintenance goes on by itself.
  Result<ErasureProof> erase_users(const model::Persons::Names& users);

  /// Adds assessments to rows of the log. From any thread, which it does not hold; see ReviseLog.
  bool revise(std::vector<Revision> revisions, std::function<void(Result<Revisions>)> done);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::pipeline
