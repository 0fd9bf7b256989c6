#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vitals::analytics {

/// One value of a series. Times are in any unit, ascending; values are finite.
struct Sample {
  double at = 0;
  double value = 0;
};

/// A straight line through a series that a few wild values do not bend.
struct Trend {
  double slope =
      0;  ///< per unit of time: the median of the slopes of all pairs (Theil 1950, Sen 1968)
  double level = 0;  ///< of the line at the last sample
  /// How probable it is that a series without any trend looks at least so much like one: two-sided,
  /// by the test of Mann (1945) and Kendall (1975) with ties, in the normal approximation, which is
  /// good from about eight samples on. It takes the samples for independent.
  double p_value = 1;
};

inline constexpr std::size_t kTrendSamplesMin = 4;

/// Nothing with fewer than kTrendSamplesMin samples, or all at one time. Takes time and memory in
/// proportion to the square of their number.
std::optional<Trend> robust_trend(std::span<const Sample> samples);

/// How long after the last sample the line meets the bound; 0 on it, nothing when it leads away.
std::optional<double> time_to_reach(const Trend& trend, double bound);

}  // namespace vitals::analytics
