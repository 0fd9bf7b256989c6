#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/evaluate/evaluator.h>
#include <vitals/evaluate/standing.h>
#include <vitals/events/event_log.h>
#include <vitals/model/batch.h>
#include <vitals/model/signal.h>
#include <vitals/net/calls.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::evaluate {

/// Told once, from any thread, whether an assessment is on stable storage. invalid_argument: it
/// never will be; any other error: not now.
using Stored = std::function<void(Status)>;

/// What evaluators are asked with. All must outlive them; nobody may call a Stored afterwards.
struct Parts {
  store::Store& store;
  const events::EventLog& log;
  const Clock& clock;
  net::Calls& calls;
  Logger logger;
  telemetry::Registry& telemetry;
  /// An execution as JSON. Its batch has neither users nor sessions.
  std::function<std::string(const model::ExecutionBatch& rows, std::size_t row)> show;
  /// Takes an assessment. False: no room at present, `stored` will not be called.
  std::function<bool(model::Signal assessment, Stored stored)> sink;
  std::uint64_t jitter_seed = 0;  ///< 0 takes one from the operating system
};

/// Follows the event log and asks evaluators about their share of the executions in it. Each has a
/// durable position of its own (docs/formats/evaluator.md), from which it goes on after a start; a
/// new one begins at the end of the log. A crash makes it ask again about a few executions: an
/// assessment that says the same counts once, another takes the place of the first.
///
/// A request that fails in a way that may pass is made again with exponential backoff, not before a
/// Retry-After. What the budget of the hour does not allow, and what arrived too long ago, is
/// skipped. A bounded number of executions is in memory. step() belongs to the thread of the calls.
class Evaluators {
 public:
  /// Forgets evaluators that are not among these. Errors: those of the store; corruption.
  static Result<std::unique_ptr<Evaluators>> open(Parts parts, std::vector<Evaluator> evaluators);
  ~Evaluators();

  /// One round, without waiting: takes what was answered, reads on in the log, begins the requests
  /// that are due. Returns after which time to call again; earlier when a call is answered or the
  /// calls are woken.
  DurationMs step();

  /// Gives up what was read of the log, to read it again: persons were erased from it. Thread-safe.
  void reread();

  /// How each does, in the order of the configuration. Thread-safe.
  std::vector<Standing> standings() const;

 private:
  struct State;
  explicit Evaluators(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vitals::evaluate
