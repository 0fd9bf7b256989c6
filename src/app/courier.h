#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

#include <vitals/base/clock.h>
#include <vitals/notify/outbox.h>

namespace vitals::app {

/// The thread of one lane of the outbox: delivers when something is due or was added.
class Courier {
 public:
  Courier(notify::Outbox& outbox, std::size_t lane, const Clock& clock)
      : outbox_(outbox), lane_(lane), clock_(clock) {}

  /// Works until stop().
  void run();
  /// Something was added. Thread-safe.
  void wake();
  void stop();

 private:
  notify::Outbox& outbox_;
  const std::size_t lane_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopped_ = false;
};

}  // namespace vitals::app
