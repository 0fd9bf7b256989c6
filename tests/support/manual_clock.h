#pragma once

#include <atomic>

#include <vitals/base/clock.h>

namespace vitals::test {

/// A clock that stands still until a test moves it. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeMs now = 1'790'000'000'000) : now_ms_(now) {}

  TimeMs now_ms() const override { return now_ms_; }
  std::int64_t monotonic_us() const override { return (now_ms_ - jumped_ms_) * 1000; }

  void set(TimeMs now) { now_ms_ = now; }
  void advance(DurationMs by) { now_ms_ += by; }
  /// As when somebody sets the clock: no time has passed.
  void jump(DurationMs by) {
    jumped_ms_ += by;
    now_ms_ += by;
  }

 private:
  std::atomic<TimeMs> now_ms_;
  std::atomic<DurationMs> jumped_ms_{0};
};

}  // namespace vitals::test
