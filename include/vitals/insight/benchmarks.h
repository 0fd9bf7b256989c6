#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/metrics/metric.h>
#include <vitals/model/filter.h>

namespace vitals::insight {

/// What a metric should reach, and the least that must be kept; the metric's own where not given.
struct Bounds {
  std::optional<double> target;
  std::optional<double> alert;
};

/// What versions of prompts are held against instead of the metrics' own benchmarks.
struct PromptBenchmarks {
  std::optional<model::Filter> prompt;   ///< none: every one
  std::optional<model::Filter> version;  ///< none: every one, and executions that name none
  std::map<std::string, Bounds, std::less<>> metrics;  ///< by name
};

enum class BenchmarkOf : std::uint8_t { metric, prompt };

struct Benchmark {
  double bound = 0;
  BenchmarkOf of = BenchmarkOf::metric;  ///< whose it is
};

/// What there is to hold a metric against: targets, or alert thresholds.
class Benchmarks {
 public:
  /// Both as in a ComplianceRequest.
  Benchmarks(std::vector<PromptBenchmarks> of_prompts, bool alert)
      : of_prompts_(std::move(of_prompts)), alert_(alert) {}

  /// That of a version of a prompt: of those that fit it and name the metric the first one, else
  /// the metric's own.
  std::optional<Benchmark> find(const metrics::MetricInfo& info, std::string_view prompt,
                                std::string_view version) const;

  /// Whether there is one for any of the versions that are asked about: all where none is named.
  bool has(const metrics::MetricInfo& info, const std::optional<std::string>& prompt,
           const std::optional<std::string>& version) const;

 private:
  const std::optional<double>& bound(const Bounds& bounds) const {
    return alert_ ? bounds.alert : bounds.target;
  }
  std::optional<double> own(const metrics::MetricInfo& info) const {
    return alert_ ? info.alert : info.target;
  }

  std::vector<PromptBenchmarks> of_prompts_;
  bool alert_;
};

}  // namespace vitals::insight
