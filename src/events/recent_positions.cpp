#include "recent_positions.h"

#include <algorithm>

namespace vitals::events {
namespace {

constexpr std::int64_t kStretches = 24;  // that an age is divided into

}  // namespace

void RecentPositions::add(Position first, std::int64_t since_us) {
  if (!stretches_.empty()) {
    Stretch& newest = stretches_.back();
    since_us = std::max(since_us, newest.end_us);
    if (since_us - newest.begin_us < age_us_ / kStretches) {
      newest.end_us = since_us;
      return;
    }
  }
  stretches_.push_back({first, since_us, since_us});
  while (stretches_.front().end_us < since_us - age_us_) stretches_.pop_front();
}

Position RecentPositions::first(Position end, std::int64_t now_us) const {
  for (const Stretch& stretch : stretches_) {
    if (stretch.end_us >= now_us - age_us_) return stretch.first;
  }
  return end;
}

}  // namespace vitals::events
