#pragma once

#include <atomic>

#include <vitals/base/clock.h>

namespace vitals::test {

/// A clock that stands still until a test moves it. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeMs now = 1'790'000'000'000) : now_ms_(now) {}

  TimeMs now_ms() const override { return now_ms_; }
  std::int64_t monotonic_us() const override { return now_ms_ * 1000; }

  void set(TimeMs now) { now_ms_ = now; }
  void advance(DurationMs by) { now_ms_ += by; }

 private:
  std::atomic<TimeMs> now_ms_;
};

}  // namespace vitals::test
