#pragma once

#include <vitals/base/clock.h>

namespace vitals::events {

/// The start of the UTC day that a time is in.
inline TimeMs day_of(TimeMs time) {
  const TimeMs rest = time % kDayMs;
  return time - (rest < 0 ? rest + kDayMs : rest);
}

}  // namespace vitals::events
