#include "circuit.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <vitals/base/backoff.h>

namespace vitals::notify {

TimeMs Circuit::opens_at() const {
  if (probing_) return std::numeric_limits<TimeMs>::max();
  return open_until();
}

bool Circuit::begin() {
  probing_ = !closed();
  return probing_;
}

void Circuit::succeeded(bool probe) {
  // What was sent before the circuit opened says nothing about now.
  if (!probe) return;
  probing_ = false;
  failures_ = 0;
}

void Circuit::failed(bool probe, TimeMs now, TimeMs not_before, TimeMs latest,
                     const Options& options, std::mt19937_64& random) {
  if (probe) probing_ = false;
  if (!probe && !closed()) {  // one of several that were under way when it opened
    opens_at_ = std::max(opens_at_, not_before);
    return;
  }
  ++failures_;
  const TimeMs backed_off =
      now + backoff_ms(options.retry_min_ms, options.retry_max_ms, failures_, random);
  opens_at_ = std::min(std::max(backed_off, not_before), latest);
}

void RateLimit::configure(std::uint32_t max, DurationMs per_ms, TimeMs now) {
  if (max == max_ && per_ms == per_ms_) return;
  max_ = max;
  per_ms_ = std::max<DurationMs>(per_ms, 1);
  tokens_ = max;
  filled_at_ = now;
}

void RateLimit::refill(TimeMs now) {
  const DurationMs passed = std::max<DurationMs>(now - filled_at_, 0);  // the clock may be set back
  filled_at_ = now;
  tokens_ = std::min<double>(
      max_, tokens_ + static_cast<double>(passed) * max_ / static_cast<double>(per_ms_));
}

TimeMs RateLimit::next_at(TimeMs now) {
  if (max_ == 0) return 0;
  refill(now);
  if (tokens_ >= 1) return now;
  const double wait_ms = (1 - tokens_) * static_cast<double>(per_ms_) / max_;
  return now + std::max<DurationMs>(static_cast<DurationMs>(std::ceil(wait_ms)), 1);
}

}  // namespace vitals::notify
