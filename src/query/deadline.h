#pragma once

#include <vitals/base/clock.h>
#include <vitals/base/result.h>

namespace vitals::query {

/// When a query is given up. Asked between blocks and stretches of cells.
class Deadline {
 public:
  Deadline(const Clock& clock, DurationMs limit_ms)
      : clock_(clock), limit_ms_(limit_ms), end_us_(clock.monotonic_us() + limit_ms * 1000) {}

  Status check() const {
    if (clock_.monotonic_us() < end_us_) return {};
    return Error{Errc::deadline_exceeded,
                 "the query took longer than " + std::to_string(limit_ms_) + " ms"};
  }

 private:
  const Clock& clock_;
  DurationMs limit_ms_;
  std::int64_t end_us_;
};

}  // namespace vitals::query
