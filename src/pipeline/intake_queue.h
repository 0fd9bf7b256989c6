#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include <vitals/pipeline/intake.h>

namespace vitals::pipeline {

/// Batches that wait for the spine, bounded by bytes, and commands that it runs between two
/// steps. Thread-safe.
class IntakeQueue {
 public:
  struct Waiting {
    model::ExecutionBatch batch;
    Intake::Done done;
    std::uint64_t bytes;
  };

  explicit IntakeQueue(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// False when there is no room or the queue is closed. A batch larger than the whole queue is
  /// taken when the queue is empty.
  bool push(model::ExecutionBatch batch, Intake::Done done);
  /// False when the queue is closed.
  bool command(std::function<void()> run);

  /// Takes batches in order until they hold `rows_max` rows, at least one if any waits.
  std::vector<Waiting> take(std::size_t rows_max);
  std::vector<std::function<void()>> take_commands();

  /// Returns when something waits, the queue is closed, or the time is over.
  void wait_for(std::chrono::milliseconds longest);
  void close();
  /// Closed, and nothing waits any more.
  bool drained() const;
  std::uint64_t bytes() const;

 private:
  const std::uint64_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> batches_;
  std::vector<std::function<void()>> commands_;
  std::uint64_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace vitals::pipeline
