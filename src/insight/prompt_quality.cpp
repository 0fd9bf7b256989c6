#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

#include <vitals/base/clock.h>
#include <vitals/insight/prompt_quality.h>

#include "budget.h"

namespace vitals::insight {
namespace {

struct Anatomy {
  const char* metric;
  std::array<const char*, 3> dimensions;
};
constexpr std::array<Anatomy, 4> kDetailed{
    {{"clarity_effectiveness",
      {"language_specificity", "instruction_precision", "context_completeness"}},
     {"efficiency_optimization",
      {"token_efficiency", "redundancy_elimination", "information_density"}},
     {"error_handling_robustness",
      {"error_detection_accuracy", "error_recovery_rate", "graceful_degradation"}},
     {"structural_organization", {"logical_flow", "hierarchy_clarity", "section_organization"}}}};
constexpr std::array kOutcomes{"execution_success_rate", "response_quality_score",
                               "user_satisfaction_rating", "completion_time", "total_tokens"};

constexpr DurationMs kStepsMax = 1'000;

using Names = std::pair<std::string, std::string>;  // prompt and version
struct Known {
  double value = 0;
  std::uint64_t count = 0;
};
/// A metric of every version that has a value.
using Values = std::map<Names, Known>;

/// Sums of the same numbers differ in their last digits by how they were added up; what differs by
/// no more is the same.
double rounded(double value) {
  if (value == 0) return value;
  const double scale = std::pow(10, 9 - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

class Look {
 public:
  Look(const query::Engine& engine, const metrics::Catalogue& catalogue, const Clock& clock,
       const PromptQualityRequest& request)
      : engine_(engine),
        catalogue_(catalogue),
        budget_(clock, request.deadline_ms),
        request_(request) {}

  Result<PromptQuality> run() {
    if (Status read = read_values(); !read) return std::move(read).error();
    if (Status read = read_versions(); !read) return std::move(read).error();
    for (const Anatomy& anatomy : kDetailed) {
      DetailedMetric metric{aspect(anatomy.metric), {}};
      for (const char* dimension : anatomy.dimensions) {
        metric.dimensions.push_back(aspect(dimension));
      }
      found_.metrics.push_back(std::move(metric));
    }
    rate_discoveries();
    return std::move(found_);
  }

 private:
  query::MetricRequest ask(const char* metric) const {
    query::MetricRequest request;
    request.metric = metric;
    request.from_ms = request_.period.from_ms;
    request.to_ms = request_.period.to_ms;
    request.filters = request_.filters;
    request.group_by = {"prompt", "version"};
    request.deadline_ms = budget_.left_ms();
    return request;
  }

  Status read(const char* metric) {
    query::MetricRequest request = ask(metric);
    if (!request_.all_prompts) request.filters.push_back({"prompt", false, {request_.prompt}});
    const auto answer = engine_.metric(request);
    if (!answer) return answer.error();
    Values& values = values_[metric];
    for (const query::Group& group : answer->groups) {
      if (!group.value || (!request_.all_prompts && group.labels[0] != request_.prompt)) continue;
      values[{group.labels[0], group.labels[1]}] = {*group.value, group.count};
    }
    return {};
  }

  Status read_values() {
    std::vector<const char*> names(kOutcomes.begin(), kOutcomes.end());
    for (const Anatomy& anatomy : kDetailed) {
      names.push_back(anatomy.metric);
      names.insert(names.end(), anatomy.dimensions.begin(), anatomy.dimensions.end());
    }
    for (const char* name : names) {
      if (Status done = read(name); !done) return done;
    }
    return {};
  }

  /// In steps, to tell when each was seen first.
  Status read_versions() {
    query::MetricRequest request = ask("executions");
    request.filters.push_back({"prompt", false, {request_.prompt}});
    const DurationMs hours = (request.to_ms - request.from_ms) / kHourMs;
    request.step_ms = (hours / kStepsMax + 1) * kHourMs;
    const auto answer = engine_.metric(request);
    if (!answer) return answer.error();
    for (const query::Group& group : answer->groups) {
      if (group.labels[0] != request_.prompt) continue;
      const auto first = std::find_if(group.points.begin(), group.points.end(),
                                      [](const query::Point& point) { return point.count > 0; });
      if (first == group.points.end()) continue;
      PromptQuality::Version version{group.labels[1], group.count, first->time_ms};
      const auto registered = request_.registered.find(version.name);
      if (registered != request_.registered.end()) {
        version.since = std::min(version.since, registered->second);
      }
      found_.versions.push_back(std::move(version));
    }
    std::sort(found_.versions.begin(), found_.versions.end(), [](const auto& a, const auto& b) {
      return std::tie(a.since, a.name) < std::tie(b.since, b.name);
    });
    return {};
  }

  QualityAspect aspect(const char* metric) {
    QualityAspect aspect;
    aspect.info = &catalogue_.find(metric)->info();
    std::optional<double> before;
    for (const PromptQuality::Version& version : found_.versions) {
      VersionValue value;
      const auto known = values_[metric].find({request_.prompt, version.name});
      if (known != values_[metric].end()) {
        value.value = known->second.value;
        value.count = known->second.count;
        if (before) value.change = rounded(*value.value) - rounded(*before);
        before = value.value;
      }
      aspect.values.push_back(value);
    }
    for (const char* outcome : kOutcomes) {
      aspect.correlations.push_back(correlation(metric, outcome));
    }
    return aspect;
  }

  bool has_enough(const Values& values, const Names& names) const {
    const auto at = values.find(names);
    return at != values.end() && at->second.count >= request_.count_min;
  }

  OutcomeCorrelation correlation(const char* metric, const char* outcome) {
    const Values& outcomes = values_[outcome];
    std::vector<std::pair<double, double>> pairs;
    for (const auto& [names, known] : values_[metric]) {
      if (names.second.empty() || !has_enough(outcomes, names)) continue;
      pairs.emplace_back(rounded(known.value), rounded(outcomes.at(names).value));
    }
    return {&catalogue_.find(outcome)->info(), pairs.size(), analytics::rank_correlation(pairs)};
  }

  void rate_discoveries() {
    std::vector<OutcomeCorrelation*> all;
    const auto take = [&all](QualityAspect& aspect) {
      for (OutcomeCorrelation& one : aspect.correlations) {
        if (one.correlation) all.push_back(&one);
      }
    };
    for (DetailedMetric& metric : found_.metrics) {
      take(metric.whole);
      for (QualityAspect& dimension : metric.dimensions) take(dimension);
    }
    std::vector<double> p_values;
    p_values.reserve(all.size());
    for (const OutcomeCorrelation* one : all) p_values.push_back(one->correlation->p_value);
    const std::vector<double> rates = analytics::false_discovery_rates(p_values);
    for (std::size_t i = 0; i < all.size(); ++i) all[i]->false_discovery_rate = rates[i];
  }

  const query::Engine& engine_;
  const metrics::Catalogue& catalogue_;
  const Budget budget_;
  const PromptQualityRequest& request_;
  std::map<std::string, Values> values_;  // by metric
  PromptQuality found_;
};

}  // namespace

Result<PromptQuality> prompt_quality(const query::Engine& engine,
                                     const metrics::Catalogue& catalogue, const Clock& clock,
                                     const PromptQualityRequest& request) {
  return Look(engine, catalogue, clock, request).run();
}

}  // namespace vitals::insight
