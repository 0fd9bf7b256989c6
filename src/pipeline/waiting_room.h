#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/persons.h>
#include <vitals/pipeline/spine.h>
#include <vitals/registry/waiting_signals.h>

namespace vitals::pipeline {

/// The signals whose executions are not known yet: in memory, and on stable storage. Only the
/// spine's thread touches it.
class WaitingRoom {
 public:
  /// Reads those that wait.
  static Result<WaitingRoom> open(const SpineParts& parts, const Options& options);

  bool empty() const { return waiting_.empty(); }
  /// Whether it waits, just so: an evaluator may say something else of an execution, which then
  /// counts.
  bool has(const model::Signal& signal) const;

  /// Has signals wait on stable storage, and adds to the outcome what became of them. False when
  /// something was refused that may be taken later.
  [[nodiscard]] bool keep(const std::vector<model::Signal>& signals, SignalsOutcome& outcome);
  /// They need not wait any more, if they wait just so.
  void forget(const std::vector<model::Signal>& signals);
  /// The same, whatever their evaluators said before.
  void forget_older(const std::vector<model::Signal>& signals);
  /// Drops interactions of these persons, on disk when it returns.
  Status forget(const model::Persons& persons);

  /// Those that wait for one of these rows.
  std::vector<model::Signal> about(const model::ExecutionBatch& rows) const;
  /// Those that have not been looked for in the whole log, at most so many; they count as looked
  /// for from then on.
  std::vector<model::Signal> take_unsearched(std::size_t most);
  /// They do not.
  void search_again(const std::vector<model::Signal>& signals);
  /// Leaves those that still wait, just so; how many do not.
  std::size_t leave_waiting(std::vector<model::Signal>& signals) const;
  /// Those that have waited too long, and all assessments of an execution one of whose has: these
  /// are one row.
  std::vector<registry::WaitingSignal> overdue(TimeMs now) const;

 private:
  struct Waiting {
    registry::WaitingSignal signal;
    bool searched = false;  ///< in the whole log
  };
  using Waiters = std::unordered_map<std::string, Waiting>;  ///< by model::row_id()
  using Fresh = std::map<std::string, registry::WaitingSignal>;

  WaitingRoom(const SpineParts& parts, const Options& options, registry::WaitingSignals store);
  const Waiting* find(const model::Signal& signal) const;
  /// That wait, or are about to.
  std::size_t assessments_of(const std::string& execution_id, const Fresh& fresh) const;
  void erase(const model::Signal& signal, store::WriteBatch& changes);
  /// Not synced: what comes back after a crash is found again, and known as a duplicate.
  void commit(const store::WriteBatch& changes);

  const SpineParts* parts_;
  const Options* options_;
  registry::WaitingSignals store_;
  /// By the id of the execution.
  std::map<std::string, Waiters, std::less<>> waiting_;
  std::size_t count_ = 0;
  std::size_t comment_bytes_ = 0;
  telemetry::Gauge* gauge_;
};

}  // namespace vitals::pipeline
