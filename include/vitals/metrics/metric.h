#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/metrics/cell.h>
#include <vitals/metrics/measure.h>

namespace vitals::metrics {

/// How a plain measure is summarised.
struct Stat {
  enum class Kind : std::uint8_t { mean, sum, min, max, count, rate, stddev, quantile };
  Kind kind = Kind::mean;
  double quantile = 0;  ///< 0.95 for p95

  std::string to_string() const;  ///< `p95`
  bool operator==(const Stat&) const = default;
};

/// `mean`, `sum`, `min`, `max`, `count`, `rate`, `stddev`, `p50`, `p99.9` (above 0, below 100).
Result<Stat> parse_stat(std::string_view text);

enum class Direction : std::uint8_t { higher_is_better, lower_is_better, neutral };

/// One line of the registry: everything about a metric but its formula.
struct MetricInfo {
  std::string name;
  std::string unit;
  std::string description;
  Direction direction = Direction::neutral;
  std::optional<double> target = std::nullopt;
  std::optional<double> alert = std::nullopt;
  bool takes_stat = false;  ///< plain measures do, defined metrics do not
  bool is_total = false;    ///< grows with the executions; 0 where there are none
  bool is_rate = false;     ///< a total by time: the window's length plays no part
};

/// Whether the value is a number of something or a sum, and 0 without executions, rather than what
/// they are like on average.
bool is_total(const MetricInfo& info, const Stat& stat);

/// Where a value may as well lie, given as few samples as there are.
struct Interval {
  double low = 0;
  double high = 0;
};

/// A metric: what a cell must carry for it, and its value. Immutable, thread-safe.
class Metric {
 public:
  virtual ~Metric() = default;
  virtual const MetricInfo& info() const = 0;
  virtual Needs needs(const Stat& stat) const = 0;
  /// Nothing when the cell holds no data for it. `seconds` is the length of the window, for rates.
  virtual std::optional<double> value(const Cell& cell, const Stat& stat, double seconds) const = 0;
  /// Executions (or ratings, assessments) behind the value.
  virtual std::uint64_t samples(const Cell& cell) const = 0;

  /// Whether interval() knows how to tell it from a cell; docs/metrics.md says how, and for which
  /// metrics not.
  virtual bool has_interval(const Stat& stat) const = 0;
  /// Two-sided interval of the value for a `confidence` in percent, above 0 and below 100. Nothing
  /// when the cell holds too little for it.
  virtual std::optional<Interval> interval(const Cell& cell, const Stat& stat, double seconds,
                                           double confidence) const = 0;
};

/// Every metric that is known, in the order of docs and answers (src/metrics/catalogue.cpp).
class Catalogue {
 public:
  explicit Catalogue(const Options& options);

  const std::vector<std::unique_ptr<const Metric>>& all() const { return metrics_; }
  /// Null when there is none of this name.
  const Metric* find(std::string_view name) const;
  const Options& options() const { return options_; }

 private:
  Options options_;
  std::vector<std::unique_ptr<const Metric>> metrics_;
};

}  // namespace vitals::metrics
