#pragma once

#include <cstdint>
#include <deque>

#include <vitals/base/clock.h>
#include <vitals/events/block.h>

namespace vitals::events {

/// Which positions were given within the last so much time by the monotonic clock: what came a
/// minute ago is recent although the host's clock was set on by a week since. Some older ones count
/// too, by a 24th of the age. Not thread-safe.
class RecentPositions {
 public:
  explicit RecentPositions(DurationMs age_ms) : age_us_(age_ms * 1000) {}

  /// Positions from this one on came at this time, or when those before it came if that is later.
  /// Positions must ascend.
  void add(Position first, std::int64_t since_us);

  /// The first recent position; `end` when there is none.
  Position first(Position end, std::int64_t now_us) const;

 private:
  struct Stretch {
    Position first;
    std::int64_t begin_us;
    std::int64_t end_us;
  };
  std::int64_t age_us_;
  std::deque<Stretch> stretches_;  // oldest first
};

}  // namespace vitals::events
