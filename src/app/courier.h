#pragma once

#include <atomic>

#include <vitals/base/clock.h>
#include <vitals/net/calls.h>
#include <vitals/notify/outbox.h>

namespace vitals::app {

/// The thread that delivers: sleeps until something is due, answered or added.
class Courier {
 public:
  Courier(notify::Outbox& outbox, net::Calls& calls, const Clock& clock)
      : outbox_(outbox), calls_(calls), clock_(clock) {}

  /// Works until stop(). Calls under way are left to themselves then: what they came to is not
  /// noted, so they are made again at the next start, under the same ids.
  void run();
  /// Something was added. Thread-safe.
  void wake() { calls_.wake(); }
  void stop();

 private:
  notify::Outbox& outbox_;
  net::Calls& calls_;
  const Clock& clock_;
  std::atomic<bool> stopped_{false};
};

}  // namespace vitals::app
