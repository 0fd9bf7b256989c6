#pragma once

#include <cstdint>
#include <functional>

#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/model/batch.h>

namespace vitals::pipeline {

/// The door into the spine. Thread-safe.
class Intake {
 public:
  virtual ~Intake() = default;

  /// Told once, on the spine's thread, after the batch is on stable storage (or could not be).
  using Done = std::function<void(Result<events::BatchOutcome>)>;

  /// Queues a batch. False when the queue is full by bytes, or closed: nothing was taken and `done`
  /// will not be called.
  [[nodiscard]] virtual bool submit(model::ExecutionBatch batch, Done done) = 0;
};

}  // namespace vitals::pipeline
