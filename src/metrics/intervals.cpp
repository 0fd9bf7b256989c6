#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <vitals/metrics/intervals.h>

namespace vitals::metrics {
namespace {

/// The probability below the upper end.
double upper(double confidence) { return 0.5 + confidence / 200; }

/// How many standard deviations lie between the middle and an end.
double normal_width(double confidence) {
  return boost::math::quantile(boost::math::normal(), upper(confidence));
}

double square(double x) { return x * x; }

}  // namespace

std::optional<Interval> share_interval(std::uint64_t part, std::uint64_t total, double confidence) {
  if (total == 0) return std::nullopt;
  const auto n = static_cast<double>(total);
  const double share = static_cast<double>(part) / n;
  const double z = normal_width(confidence);
  const double middle = share + z * z / (2 * n);
  const double width = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return Interval{std::max(0.0, (middle - width) / scale), std::min(1.0, (middle + width) / scale)};
}

std::optional<Interval> mean_interval(const sketch::Moments& moments, double confidence) {
  if (moments.count < 2) return std::nullopt;
  const auto n = static_cast<double>(moments.count);
  const double mean = moments.total() / n;
  const double t = boost::math::quantile(boost::math::students_t(n - 1), upper(confidence));
  const double width = t * std::sqrt(moments.m2 / (n - 1) / n);
  return Interval{mean - width, mean + width};
}

Interval count_interval(std::uint64_t count, double confidence) {
  const auto n = static_cast<double>(count);
  const double z = normal_width(confidence);
  const auto end = [](double x, double deviations) {
    const double root = 1 - 1 / (9 * x) + deviations / (3 * std::sqrt(x));
    return x * root * root * root;
  };
  return {count == 0 ? 0 : std::max(0.0, end(n, -z)), end(n + 1, z)};
}

std::optional<Interval> sum_interval(const sketch::Moments& moments, double confidence) {
  if (moments.count < 2) return std::nullopt;
  const double squares = moments.m2 + static_cast<double>(moments.count) * square(moments.mean);
  const double width = normal_width(confidence) * std::sqrt(squares);
  return Interval{moments.total() - width, moments.total() + width};
}

std::optional<Interval> quantile_interval(const sketch::Quantiles& sketch, double quantile,
                                          double confidence) {
  const auto n = static_cast<double>(sketch.count());
  const double width = normal_width(confidence) * std::sqrt(n * quantile * (1 - quantile));
  const double first = std::ceil(n * quantile - width);
  const double last = std::ceil(n * quantile + width);
  if (first < 1 || last > n) return std::nullopt;
  // In the middle of what rounds up to the rank.
  return Interval{sketch.quantile((first - 0.5) / n), sketch.quantile((last - 0.5) / n)};
}

void MeanOfIntervals::add(double weight, double value, const Interval& interval) {
  sum_ += weight * value;
  weights_ += weight;
  below_ += square(weight * (value - interval.low));
  above_ += square(weight * (interval.high - value));
}

std::optional<Interval> MeanOfIntervals::interval() const {
  if (!(weights_ > 0)) return std::nullopt;
  return Interval{(sum_ - std::sqrt(below_)) / weights_, (sum_ + std::sqrt(above_)) / weights_};
}

}  // namespace vitals::metrics
