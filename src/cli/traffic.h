#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::cli {

/// When a prompt of the demo runs which version. Times are event times.
struct BadRelease {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
};

/// Made-up executions of a few prompts that look like those of a small product: a daily rhythm,
/// several prompts, models and versions, users who come back, and one release that went wrong. All
/// carry the tag `synthetic: "true"`. The same seed and times give the same executions.
class Traffic {
 public:
  Traffic(std::uint64_t seed, BadRelease bad_release);

  /// One execution that ends at this time, as a line of JSON without its end.
  std::string next(TimeMs time);

  /// How busy the product is at a time: 1 at the daily peak (14:00 UTC), less at night.
  static double intensity(TimeMs time);

  /// The prompt that has the bad release, and that release.
  static const char* bad_prompt();
  static const char* bad_version();

 private:
  double uniform() { return uniform_(random_); }
  double normal(double mean, double deviation) { return mean + deviation * normal_(random_); }
  bool chance(double probability) { return uniform() < probability; }

  std::uint64_t seed_;
  BadRelease bad_release_;
  std::uint64_t made_ = 0;
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_;
  std::normal_distribution<double> normal_;
};

/// Times of `count` executions over [from_ms, to_ms), ascending, denser where intensity() is
/// higher.
std::vector<TimeMs> spread(std::uint64_t count, TimeMs from_ms, TimeMs to_ms, std::uint64_t seed);

}  // namespace vitals::cli
