#include "courier.h"

#include <algorithm>
#include <limits>

namespace vitals::app {
namespace {
constexpr DurationMs kSleepMaxMs = 60'000;  // the wall clock may be set meanwhile
}

void Courier::run() {
  while (!stopped_) {
    const TimeMs next = outbox_.deliver();
    const bool nothing = next == std::numeric_limits<TimeMs>::max();
    calls_.wait(nothing ? kSleepMaxMs
                        : std::clamp<DurationMs>(next - clock_.now_ms(), 0, kSleepMaxMs));
  }
}

void Courier::stop() {
  stopped_ = true;
  calls_.wake();
}

}  // namespace vitals::app
