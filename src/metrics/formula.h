#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <vitals/metrics/metric.h>

namespace vitals::metrics {

/// A defined metric: its line of the registry, what it reads, its value and the samples behind it.
/// Value and interval are asked for only when there are samples.
struct Formula {
  MetricInfo info;
  Needs needs;
  std::function<std::optional<double>(const Cell& cell, double seconds)> value;
  std::function<std::uint64_t(const Cell& cell)> samples;
  /// `confidence` in percent (intervals.h); empty where a cell does not tell.
  std::function<std::optional<Interval>(const Cell& cell, double seconds, double confidence)>
      interval = {};
};

std::unique_ptr<const Metric> make_metric(Formula formula);

inline constexpr Measure kDuration = measure_of(model::Number::duration_ms);

/// Moments of a measure in a cell; empty ones when the cell does not carry them.
sketch::Moments moments_of(const Cell& cell, Measure measure);

/// Mean of a measure in a cell that has values of it.
double mean_of(const Cell& cell, Measure measure);

/// The interval of mean_of().
std::optional<Interval> mean_interval_of(const Cell& cell, Measure measure, double confidence);

/// What all executions spent of a measure, per success; nothing without one.
std::unique_ptr<const Metric> make_per_success(MetricInfo info, Measure spent);

/// The mean of the means of measures that share a scale; those without values are left out.
std::unique_ptr<const Metric> make_mean_of_means(MetricInfo info,
                                                 const std::vector<Measure>& terms);

/// The mean of the values of metrics that share a scale; those without a value are left out. Has an
/// interval if each of them has, which are taken as independent.
std::unique_ptr<const Metric> make_mean_of_metrics(
    MetricInfo info, std::vector<std::unique_ptr<const Metric>> parts,
    std::function<std::uint64_t(const Cell& cell)> samples);

/// How many of those errors that tell are what `yes` counts, 0 to 10.
std::unique_ptr<const Metric> make_share_of_errors(MetricInfo info, std::uint64_t Counts::*yes,
                                                   std::uint64_t Counts::*known);

/// The needs of formulas on these measures' moments.
Needs moments_needed(const std::vector<Measure>& measures);

/// Σ weight·value / Σ weight of the terms that have a value.
class WeightedMean {
 public:
  void add(double weight, double value) {
    sum_ += weight * value;
    weights_ += weight;
  }
  std::optional<double> value() const {
    if (weights_ > 0) return sum_ / weights_;
    return std::nullopt;
  }

 private:
  double sum_ = 0;
  double weights_ = 0;
};

}  // namespace vitals::metrics
