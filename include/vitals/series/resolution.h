#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <vitals/base/clock.h>

namespace vitals::series {

/// Width of a rollup cell. Buckets start at multiples of the width since the epoch, UTC.
enum class Resolution : std::uint8_t { minute, hour, day };
inline constexpr std::array kResolutions{Resolution::minute, Resolution::hour, Resolution::day};

constexpr DurationMs length_ms(Resolution resolution) {
  switch (resolution) {
    case Resolution::minute:
      return 60'000;
    case Resolution::hour:
      return 3'600'000;
    case Resolution::day:
      return 86'400'000;
  }
  return 0;
}

constexpr std::string_view to_string(Resolution resolution) {
  switch (resolution) {
    case Resolution::minute:
      return "1m";
    case Resolution::hour:
      return "1h";
    case Resolution::day:
      return "1d";
  }
  return "";
}

/// Start of the bucket that holds `time`, also for times before 1970.
constexpr TimeMs bucket_start(TimeMs time, DurationMs length) {
  const TimeMs rest = time % length;
  return time - (rest < 0 ? rest + length : rest);
}

}  // namespace vitals::series
