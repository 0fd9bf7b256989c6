#pragma once

#include <cstddef>
#include <functional>

#include <vitals/base/result.h>
#include <vitals/base/task_queue.h>

namespace vitals::query {

/// The threads that may work on one query: the one that was asked, and those behind a queue that
/// happen to be free.
class Team {
 public:
  /// Without a queue the thread that was asked works alone. `threads` are all, itself included.
  Team(TaskQueue* queue, std::size_t threads) : queue_(queue), threads_(threads) {}

  /// Pieces to cut work into: more than threads, so that a slow one has not the last word.
  std::size_t parts_max() const { return queue_ == nullptr || threads_ < 2 ? 1 : 2 * threads_; }

  /// Does a short piece of a part's work; true: there is more. Called by one thread at a time for
  /// each part, by several for different ones.
  using Step = std::function<Result<bool>(std::size_t part)>;

  /// Goes through all parts and returns once nobody is at work any more; an error ends them all.
  /// A helper joins the end of the queue after each step, so that no other query waits for longer
  /// than that.
  Status run(std::size_t parts, const Step& step) const;

 private:
  TaskQueue* queue_;
  std::size_t threads_;
};

}  // namespace vitals::query
