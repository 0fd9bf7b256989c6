#pragma once

#include <cstdint>

#include <vitals/base/clock.h>

namespace vitals::evaluate {

/// So many requests in each hour of the wall clock. Not thread-safe.
class Budget {
 public:
  /// `hour` is the one, counted from the epoch, in which so many have been made.
  Budget(std::uint32_t per_hour, std::uint64_t hour, std::uint32_t used)
      : per_hour_(per_hour), hour_(hour), used_(used) {}

  bool has_left(TimeMs now) {
    const auto hour = static_cast<std::uint64_t>(now / kHourMs);
    if (hour != hour_) {
      hour_ = hour;
      used_ = 0;
    }
    return used_ < per_hour_;
  }
  void take() { ++used_; }

  std::uint64_t hour() const { return hour_; }
  std::uint32_t used() const { return used_; }

 private:
  std::uint32_t per_hour_;
  std::uint64_t hour_;
  std::uint32_t used_;
};

}  // namespace vitals::evaluate
