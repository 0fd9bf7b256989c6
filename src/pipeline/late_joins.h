#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/persons.h>
#include <vitals/pipeline/spine.h>

#include "join.h"
#include "waiting_room.h"

namespace vitals::pipeline {

/// Brings signals to the executions that they are about. The log is read on another thread, of what
/// the id window suspects; what is found becomes rows that the spine appends like any others. A
/// signal whose execution is not known waits for it on stable storage; when nothing has come for a
/// day it is counted by itself. Only the spine's thread touches it.
class LateJoins {
 public:
  /// Runs something on the spine's thread later, from any thread.
  using Post = std::function<void(std::function<void()>)>;
  /// Spine::submit() of rows.
  using Append = std::function<bool(model::ExecutionBatch, Intake::Done)>;

  /// Reads the signals that wait.
  static Result<std::unique_ptr<LateJoins>> make(const SpineParts& parts, const Options& options,
                                                 Post post, Append append);

  void take(std::vector<model::Signal> signals, Intake::SignalsDone done);
  /// These rows were appended: somebody may wait for one of them.
  void appended(const model::ExecutionBatch& rows);
  /// Drops interactions of these persons that wait, on disk when it returns. What is read of the
  /// log at this moment is read again before it is used.
  Status forget(const model::Persons& persons);
  /// Looks for what has not been looked for in the whole log, and gives up on what waited too long.
  void tick(TimeMs now);

 private:
  /// Signals on their way to their executions.
  struct Search {
    std::vector<model::Signal> signals;
    bool everywhere = false;
    std::uint64_t erasures = 0;  ///< before it read the log
    events::Position end = 0;    ///< of the log when it was looked through
    int tries = 0;
    SignalsOutcome outcome;
    bool try_again = false;                 ///< something was refused that may be taken later
    std::vector<model::Signal> again = {};  ///< to be looked for once more
    Intake::SignalsDone done;               ///< empty: the signals wait already
  };
  using SearchPtr = std::shared_ptr<Search>;

  LateJoins(const SpineParts& parts, const Options& options, WaitingRoom waiting, Post post,
            Append append);
  bool start(const SearchPtr& search);
  void settle(const SearchPtr& search, Result<Joined> joined);
  /// Whether an execution of one of these may have come since the log was read.
  bool has_come(const Search& search, const std::vector<model::Signal>& missing) const;
  /// Rows of what was found, then first assessments, then further ones, then what is missing.
  void append(const SearchPtr& search, Joined joined);
  void append_scores(const SearchPtr& search, const std::shared_ptr<Joined>& rest);
  void revise(const SearchPtr& search, const std::shared_ptr<Joined>& rest);
  void finish(const SearchPtr& search, const std::vector<model::Signal>& missing);
  void write(const SearchPtr& search, model::ExecutionBatch rows,
             std::function<void(const events::BatchOutcome&)> next);
  void end_waiting(const Search& search, const std::vector<model::Signal>& signals);
  static void refuse(Search& search, std::uint32_t too_many);
  void fail(const Search& search, const Error& why);
  void search_everywhere();
  void give_up(TimeMs now);

  const SpineParts& parts_;
  WaitingRoom waiting_;
  const Post post_;
  const Append append_;
  const std::set<std::string> distrusted_;  ///< evaluators
  std::uint64_t erasures_ = 0;
  bool searching_ = false;  ///< the whole log
  std::int64_t next_search_us_ = 0;
  std::int64_t search_began_us_ = 0;
  TimeMs next_farewell_ = 0;
  telemetry::Counter& joined_;
  telemetry::Counter& unjoined_;
};

}  // namespace vitals::pipeline
