#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/model/batch.h>

namespace vitals::model {
struct Signal;
}

namespace vitals::pipeline {

/// What became of signals.
struct SignalsOutcome {
  std::uint32_t accepted = 0;    ///< those that wait included
  std::uint32_t duplicates = 0;  ///< known by execution and id
  std::uint32_t waiting = 0;     ///< for an execution that is not known yet
  std::uint32_t refused = 0;     ///< that would have to wait
  std::string why = {};          ///< they were refused
};
/// On their way to their executions at once, of all writers.
inline constexpr std::size_t kSignalsMax = 100'000;

/// The door into the spine. Thread-safe.
class Intake {
 public:
  virtual ~Intake() = default;

  /// Told once, on the spine's thread, after the batch is on stable storage (or could not be).
  using Done = std::function<void(Result<events::BatchOutcome>)>;

  /// Queues a batch. False when the queue is full by bytes, or closed: nothing was taken and `done`
  /// will not be called.
  [[nodiscard]] virtual bool submit(model::ExecutionBatch batch, Done done) = 0;

  /// Told once, on the spine's thread, after all signals are on stable storage (or could not be).
  using SignalsDone = std::function<void(Result<SignalsOutcome>)>;

  /// Takes signals about executions, which need not be known yet. False when too many are on their
  /// way: nothing was taken and `done` will not be called.
  [[nodiscard]] virtual bool submit(std::vector<model::Signal> signals, SignalsDone done) = 0;
};

}  // namespace vitals::pipeline
