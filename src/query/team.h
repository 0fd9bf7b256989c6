#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>

#include <vitals/base/result.h>
#include <vitals/query/engine.h>

namespace vitals::query {

/// The threads that may work on one query: the one that was asked, and those behind a queue that
/// happen to be free.
class Team {
 public:
  explicit Team(const QueryThreads& threads) : threads_(threads) {}

  /// Parts to cut work into at most: more than threads, so that a slow one has not the last word.
  std::size_t parts_max() const {
    return threads_.queue == nullptr || threads_.threads < 2 ? 1 : 2 * threads_.threads;
  }
  /// Parts for so many events or cells.
  std::size_t parts_for(std::uint64_t work) const {
    return static_cast<std::size_t>(
        std::clamp<std::uint64_t>(work / threads_.work_each, 1, parts_max()));
  }

  /// Does a short piece of a part's work; true: there is more. Called by one thread at a time for
  /// each part, by several for different ones.
  using Step = std::function<Result<bool>(std::size_t part)>;

  /// Goes through all parts and returns once nobody is at work any more; an error ends them all.
  /// A helper joins the end of the queue after each step, so that no other query waits for longer
  /// than that.
  Status run(std::size_t parts, const Step& step) const;

 private:
  QueryThreads threads_;
};

}  // namespace vitals::query
