#pragma once

#include <cstdint>
#include <random>

#include <vitals/base/clock.h>
#include <vitals/notify/receiver.h>

namespace vitals::notify {

/// Spares a receiver that gives no good answer, and those who wait for it. The first failure opens
/// it: nothing more is sent but one probe at a time, after waits that grow, until one succeeds
/// (Nygard, "Release It!", 2nd ed., "Circuit Breaker"). Not thread-safe.
class Circuit {
 public:
  /// When something may be sent: `now` or earlier, a later time, or max() while a probe is under
  /// way.
  TimeMs opens_at() const;
  /// Until when the receiver is spared at least; 0 when it is not.
  TimeMs open_until() const { return closed() ? 0 : opens_at_; }
  bool closed() const { return failures_ == 0; }
  bool probing() const { return probing_; }
  /// Something is sent now. Whether it is a probe, which the outcome must name again.
  bool begin();
  void succeeded(bool probe);
  /// Not before `not_before`, and by the options' backoff, but not later than `latest`.
  void failed(bool probe, TimeMs now, TimeMs not_before, TimeMs latest, const Options& options,
              std::mt19937_64& random);

 private:
  std::uint32_t failures_ = 0;  ///< one after another
  TimeMs opens_at_ = 0;
  bool probing_ = false;
};

/// At most so many in so much time, with as many at once after a quiet time (token bucket). No
/// limit where `max` is 0. Not thread-safe.
class RateLimit {
 public:
  void configure(std::uint32_t max, DurationMs per_ms, TimeMs now);
  /// When the next one may go: `now` or earlier, or a later time.
  TimeMs next_at(TimeMs now);
  void take() { tokens_ -= max_ == 0 ? 0 : 1; }

 private:
  void refill(TimeMs now);

  std::uint32_t max_ = 0;
  DurationMs per_ms_ = 1;
  double tokens_ = 0;
  TimeMs filled_at_ = 0;
};

}  // namespace vitals::notify
