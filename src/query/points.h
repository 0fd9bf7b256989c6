#pragma once

#include <algorithm>
#include <cstddef>

#include <vitals/base/clock.h>
#include <vitals/series/resolution.h>

namespace vitals::query {

/// The points of an answer: buckets that start at multiples of the step since the epoch, the first
/// and the last cut by the range; without a step one bucket, the range itself.
class Points {
 public:
  Points(TimeMs from_ms, TimeMs to_ms, DurationMs step_ms)
      : from_ms_(from_ms),
        to_ms_(to_ms),
        step_ms_(step_ms == 0 ? to_ms - from_ms : step_ms),
        first_ms_(step_ms == 0 ? from_ms : series::bucket_start(from_ms, step_ms)) {}

  std::size_t size() const { return index_of(to_ms_ - 1) + 1; }
  /// Of a time within the range.
  std::size_t index_of(TimeMs time) const {
    return static_cast<std::size_t>((time - first_ms_) / step_ms_);
  }
  /// The bucket's start, before from_ms() where the range cuts it.
  TimeMs start_ms(std::size_t point) const {
    return first_ms_ + static_cast<DurationMs>(point) * step_ms_;
  }
  /// The length of the part within the range.
  double seconds(std::size_t point) const {
    const TimeMs start = std::max(start_ms(point), from_ms_);
    const TimeMs end = std::min(start_ms(point) + step_ms_, to_ms_);
    return static_cast<double>(end - start) / 1000;
  }
  double seconds() const { return static_cast<double>(to_ms_ - from_ms_) / 1000; }

 private:
  TimeMs from_ms_;
  TimeMs to_ms_;
  DurationMs step_ms_;
  TimeMs first_ms_;
};

}  // namespace vitals::query
