#include "courier.h"

#include <algorithm>
#include <chrono>

namespace vitals::app {
namespace {
constexpr DurationMs kSleepMaxMs = 60'000;  // the wall clock may be set meanwhile
}

void Courier::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    woken_ = false;
    lock.unlock();
    const TimeMs next = outbox_.deliver(lane_);
    const DurationMs wait_ms = next == INT64_MAX
                                   ? kSleepMaxMs
                                   : std::clamp<DurationMs>(next - clock_.now_ms(), 0, kSleepMaxMs);
    lock.lock();
    changed_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                      [this] { return woken_ || stopped_; });
  }
}

void Courier::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void Courier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

}  // namespace vitals::app
