#pragma once

#include <algorithm>

#include <vitals/base/clock.h>

namespace vitals::insight {

/// Time for several queries together.
class Budget {
 public:
  Budget(const Clock& clock, DurationMs limit_ms)
      : clock_(clock), end_us_(clock.monotonic_us() + limit_ms * 1000) {}

  /// At least 1 while not spent().
  DurationMs left_ms() const {
    return std::max<DurationMs>((end_us_ - clock_.monotonic_us() + 999) / 1000, 0);
  }
  bool spent() const { return left_ms() == 0; }

 private:
  const Clock& clock_;
  std::int64_t end_us_;
};

}  // namespace vitals::insight
