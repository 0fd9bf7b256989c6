#include <algorithm>
#include <cmath>
#include <vector>

#include <vitals/analytics/trend.h>
#include <vitals/base/median.h>

namespace vitals::analytics {
namespace {

/// n (n-1) (2n+5), which the variance of Kendall's S is made of.
double spread(double n) { return n * (n - 1) * (2 * n + 5); }

/// `rises` is the number of pairs that rise less that of those that fall.
double p_value(std::span<const Sample> samples, double rises) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(sample.value);
  std::sort(values.begin(), values.end());
  double variance = spread(static_cast<double>(values.size()));
  for (auto at = values.begin(); at != values.end();) {
    const auto end = std::upper_bound(at, values.end(), *at);
    variance -= spread(static_cast<double>(end - at));
    at = end;
  }
  if (variance <= 0) return 1;
  const double z = std::max(std::abs(rises) - 1, 0.0) / std::sqrt(variance / 18);
  return std::erfc(z / std::sqrt(2.0));
}

}  // namespace

std::optional<Trend> robust_trend(std::span<const Sample> samples) {
  if (samples.size() < kTrendSamplesMin) return std::nullopt;
  std::vector<double> slopes;
  slopes.reserve(samples.size() * (samples.size() - 1) / 2);
  double rises = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (std::size_t k = i + 1; k < samples.size(); ++k) {
      const double run = samples[k].at - samples[i].at;
      const double rise = samples[k].value - samples[i].value;
      if (run <= 0) continue;
      slopes.push_back(rise / run);
      rises += static_cast<double>((rise > 0) - (rise < 0));
    }
  }
  if (slopes.empty()) return std::nullopt;
  Trend trend;
  trend.slope = median(std::move(slopes));
  const double end = samples.back().at;
  std::vector<double> levels;
  for (const Sample& sample : samples) {
    levels.push_back(sample.value + trend.slope * (end - sample.at));
  }
  trend.level = median(std::move(levels));
  trend.p_value = p_value(samples, rises);
  return trend;
}

std::optional<double> time_to_reach(const Trend& trend, double bound) {
  if (trend.level == bound) return 0;
  const double time = (bound - trend.level) / trend.slope;
  if (!std::isfinite(time) || time < 0) return std::nullopt;
  return time;
}

}  // namespace vitals::analytics
