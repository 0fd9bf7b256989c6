#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitals::telemetry {

/// `key="value"` pairs of one time series of ours, in the order they are written.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// A number that only grows. Thread-safe, wait-free.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A number that goes up and down. Thread-safe, wait-free.
class Gauge {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Counts of observations under fixed upper bounds. Thread-safe, wait-free.
class Histogram {
 public:
  explicit Histogram(std::vector<double> upper_bounds);
  void observe(double value) noexcept;

  const std::vector<double>& upper_bounds() const noexcept { return bounds_; }
  /// Observations in bucket i (not cumulative); i == upper_bounds().size() is the rest.
  std::uint64_t bucket(std::size_t i) const noexcept;
  double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::deque<std::atomic<std::uint64_t>> buckets_;
  std::atomic<double> sum_{0};
};

/// The daemon's own measurements. Made by `app` and handed down by reference; parts register their
/// series once and keep the reference, which lives as long as the registry. Thread-safe.
/// Names follow Prometheus: base units, `_total` on counters.
class Registry {
 public:
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help,
                       std::vector<double> upper_bounds, Labels labels = {});
  /// A gauge that is read when it is asked for. `read` must be thread-safe and outlive nothing it
  /// captures by reference.
  void gauge_from(std::string_view name, std::string_view help, std::function<double()> read,
                  Labels labels = {});

  /// Appends everything in the Prometheus text format 0.0.4, one group per name.
  void write_prometheus(std::string& out) const;

 private:
  enum class Kind : std::uint8_t { counter, gauge, histogram, callback };
  struct Series {
    Labels labels;
    std::size_t at;  ///< in the deque of its kind
  };
  struct Family {
    std::string name;
    std::string help;
    Kind kind;
    std::vector<Series> series;
  };
  Family& family(std::string_view name, std::string_view help, Kind kind);

  mutable std::mutex mutex_;
  std::deque<Family> families_;
  std::deque<Counter> counters_;
  std::deque<Gauge> gauges_;
  std::deque<Histogram> histograms_;
  std::deque<std::function<double()>> callbacks_;
};

/// Bounds in seconds from 100 µs to 10 s, for durations.
std::vector<double> duration_bounds();

/// Appends one sample line; escapes label values. For parts that write their own families.
void write_sample(std::string& out, std::string_view name, const Labels& labels, double value);

}  // namespace vitals::telemetry
