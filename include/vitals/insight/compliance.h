#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vitals/analytics/verdict.h>
#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/insight/benchmarks.h>
#include <vitals/insight/causes.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/filter.h>
#include <vitals/query/engine.h>

namespace vitals::insight {

/// Do the versions of prompts meet their benchmarks?
struct ComplianceRequest {
  Period period;
  std::vector<model::Filter> filters;
  std::optional<std::string> prompt;   ///< only this one
  std::optional<std::string> version;  ///< only this one; "" is none
  /// Versions of `prompt` that are answered even if they did not run.
  std::vector<std::string> also;
  std::vector<std::string> metrics;  ///< none: all that the version has a benchmark for
  std::vector<PromptBenchmarks> benchmarks = {};  ///< before the metrics' own
  bool against_alert = false;    ///< the alert threshold is the benchmark, not the target
  double confidence = 95;        ///< percent, of each verdict: above 50, below 100
  std::uint64_t count_min = 30;  ///< a metric of fewer is not judged
  std::uint32_t versions_max = 1'000;
  DurationMs deadline_ms = 10'000;
};

/// One metric of one version.
struct Check {
  const metrics::MetricInfo* info = nullptr;
  std::optional<Benchmark> benchmark;  ///< none: only others have one, and nothing is decided
  std::optional<double> value;
  std::uint64_t count = 0;                    ///< behind the value
  std::optional<metrics::Interval> interval;  ///< two-sided: 2 · confidence - 100 percent
  analytics::Judgement judgement;
};

struct VersionCompliance {
  std::string prompt;
  std::string version;  ///< "": executions that name none
  std::uint64_t executions = 0;
  analytics::Verdict verdict = analytics::Verdict::insufficient_data;
  std::vector<Check> checks;  ///< in the order of the catalogue, or of the request
};

struct Compliance {
  std::vector<VersionCompliance> versions;  ///< by prompt, then version
  bool truncated = false;                   ///< versions_max left some out
  /// Of all versions; those that were left out are not known to pass.
  analytics::Verdict verdict = analytics::Verdict::insufficient_data;
};

/// By analytics::judge() and analytics::verdict_of_all(). Errors: invalid_argument for a metric
/// that is not known or has no such benchmark, not_found for a prompt of which there is no version
/// to answer, or that nobody knows, those of Engine::metric().
Result<Compliance> check_compliance(const query::Engine& engine,
                                    const metrics::Catalogue& catalogue, const Clock& clock,
                                    const ComplianceRequest& request);

}  // namespace vitals::insight
