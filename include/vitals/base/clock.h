#pragma once

#include <cstdint>

namespace vitals {

/// Milliseconds since the Unix epoch, UTC.
using TimeMs = std::int64_t;
/// A length of time in milliseconds.
using DurationMs = std::int64_t;

inline constexpr DurationMs kSecondMs = 1'000;
inline constexpr DurationMs kMinuteMs = 60 * kSecondMs;
inline constexpr DurationMs kHourMs = 60 * kMinuteMs;
inline constexpr DurationMs kDayMs = 24 * kHourMs;

/// The only source of "now" for everything above `base`, so that tests can drive time.
/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time; may jump when the host's clock is set.
  virtual TimeMs now_ms() const = 0;
  /// Time that never goes back, for measuring how long something took. Arbitrary origin.
  virtual std::int64_t monotonic_us() const = 0;
};

/// The host's clocks.
class SystemClock final : public Clock {
 public:
  TimeMs now_ms() const override;
  std::int64_t monotonic_us() const override;
};

}  // namespace vitals
