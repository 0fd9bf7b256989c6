#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace vitals {

/// Work handed from some threads to others, bounded by number. Thread-safe.
class TaskQueue {
 public:
  using Task = std::function<void()>;

  explicit TaskQueue(std::size_t tasks_max) : tasks_max_(tasks_max) {}

  /// False when the queue is full or closed: the task was not taken.
  [[nodiscard]] bool post(Task task);

  /// Runs tasks as they come, until close() and the last task is done. On as many threads as
  /// wanted.
  void run();

  /// Takes no more tasks; those waiting are still run.
  void close();

 private:
  const std::size_t tasks_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool closed_ = false;
};

}  // namespace vitals
