#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <vitals/metrics/metric.h>

namespace vitals::metrics {

// Two-sided confidence intervals; `confidence` in percent, above 0 and below 100.

/// Of a share of `total` in all: Wilson's score interval (E. B. Wilson, JASA 22, 1927), which holds
/// for small numbers and for shares near 0 and 1 too. Nothing without any.
std::optional<Interval> share_interval(std::uint64_t part, std::uint64_t total, double confidence);

/// Of a mean, by Student's t. Nothing for fewer than two values.
std::optional<Interval> mean_interval(const sketch::Moments& moments, double confidence);

/// Of the number to expect in as long a time, where they come independently of one another
/// (Poisson): Byar's approximation (Breslow and Day, IARC 82, 1987, page 69).
Interval count_interval(std::uint64_t count, double confidence);

/// Of the sum to expect in as long a time: the variance of a compound Poisson sum is Σx². Nothing
/// for fewer than two values.
std::optional<Interval> sum_interval(const sketch::Moments& moments, double confidence);

/// Of a quantile, whatever the distribution: the values at the ranks between which the true one
/// lies (W. J. Conover, Practical Nonparametric Statistics, 1999, section 3.2). Nothing where that
/// would take more values than there are.
std::optional<Interval> quantile_interval(const sketch::Quantiles& sketch, double quantile,
                                          double confidence);

/// The weighted mean of estimates that are taken as independent, from the intervals of each: MOVER
/// (Zou and Donner, Statistics in Medicine 27, 2008), the delta method for intervals that are not
/// symmetric.
class MeanOfIntervals {
 public:
  void add(double weight, double value, const Interval& interval);
  /// Nothing without a weight.
  std::optional<Interval> interval() const;

 private:
  double sum_ = 0;
  double weights_ = 0;
  double below_ = 0;  ///< Σ of squares of weighted distances to the lower ends
  double above_ = 0;
};

}  // namespace vitals::metrics
