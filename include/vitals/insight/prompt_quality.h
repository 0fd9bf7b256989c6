#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vitals/analytics/correlation.h>
#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/insight/causes.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/filter.h>
#include <vitals/query/engine.h>

namespace vitals::insight {

/// How a prompt is built, version by version, and how that goes with what comes of it.
struct PromptQualityRequest {
  std::string prompt;
  Period period;
  std::vector<model::Filter> filters;
  std::map<std::string, TimeMs> registered;  ///< its versions, and since when
  /// Correlations are over the versions of all prompts, not of this one.
  bool all_prompts = false;
  std::uint64_t count_min = 30;  ///< outcomes of fewer executions (ratings …) are not correlated
  DurationMs deadline_ms = 10'000;
};

/// A value of one version.
struct VersionValue {
  std::optional<double> value;
  std::uint64_t count = 0;
  std::optional<double> change;  ///< since the last version before that has a value
};

/// A metric, or one of its dimensions, with an outcome.
struct OutcomeCorrelation {
  const metrics::MetricInfo* outcome = nullptr;
  std::size_t versions = 0;  ///< that have both
  std::optional<analytics::Correlation> correlation;
  double false_discovery_rate = 1;  ///< among all correlations of the answer; if there is one
};

struct QualityAspect {
  const metrics::MetricInfo* info = nullptr;
  std::vector<VersionValue> values;  ///< one per version
  std::vector<OutcomeCorrelation> correlations;
};

struct DetailedMetric {
  QualityAspect whole;
  std::vector<QualityAspect> dimensions;
};

struct PromptQuality {
  struct Version {
    std::string name;  ///< "": executions that name none
    std::uint64_t executions = 0;
    TimeMs since = 0;  ///< registered, or if earlier or not at all, first seen in the period
  };
  std::vector<Version> versions;  ///< by `since`, those that ran in the period
  std::vector<DetailedMetric> metrics;
};

/// clarity_effectiveness, efficiency_optimization, error_handling_robustness and
/// structural_organization with their dimensions, and their rank correlations with success,
/// quality, satisfaction, time and tokens. Errors: those of Engine::metric().
Result<PromptQuality> prompt_quality(const query::Engine& engine,
                                     const metrics::Catalogue& catalogue, const Clock& clock,
                                     const PromptQualityRequest& request);

}  // namespace vitals::insight
