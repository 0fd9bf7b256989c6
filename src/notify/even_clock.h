#pragma once

#include <cstdint>
#include <limits>

#include <vitals/base/clock.h>

namespace vitals::notify {

/// The time of what is not going to happen.
inline constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();

/// Time that runs evenly, whoever sets the wall clock meanwhile: the wall clock's at the start, and
/// on from there by the monotonic one. The courier measures all delays by it; rows, receivers and
/// people have the wall clock's. A time of 0 or kNever is none, and stays so.
class EvenClock {
 public:
  explicit EvenClock(const Clock& clock)
      : clock_(clock), begun_at_(clock.now_ms()), begun_us_(clock.monotonic_us()) {}

  TimeMs now() const { return begun_at_ + (clock_.monotonic_us() - begun_us_) / 1000; }
  TimeMs wall_now() const { return clock_.now_ms(); }
  /// The same instant by the other clock, as that is set now.
  TimeMs wall(TimeMs even) const { return moved(even, wall_now() - now()); }
  TimeMs even(TimeMs wall) const { return moved(wall, now() - wall_now()); }

 private:
  static TimeMs moved(TimeMs time, DurationMs by) {
    return time == 0 || time == kNever ? time : time + by;
  }

  const Clock& clock_;
  const TimeMs begun_at_;
  const std::int64_t begun_us_;
};

}  // namespace vitals::notify
