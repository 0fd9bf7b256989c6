#include <algorithm>
#include <map>
#include <utility>

#include <vitals/insight/compliance.h>

#include "budget.h"

namespace vitals::insight {
namespace {

/// By prompt, then version.
using Versions = std::map<std::pair<std::string, std::string>, VersionCompliance>;

Result<std::vector<const metrics::Metric*>> metrics_of(const metrics::Catalogue& catalogue,
                                                       const ComplianceRequest& request,
                                                       const Benchmarks& benchmarks) {
  const auto has_benchmark = [&](const metrics::Metric& metric) {
    return benchmarks.has(metric.info(), request.prompt, request.version);
  };
  std::vector<const metrics::Metric*> metrics;
  for (const std::string& name : request.metrics) {
    const metrics::Metric* const metric = catalogue.find(name);
    if (metric == nullptr) {
      return Error{Errc::invalid_argument, "metrics: there is no metric '" + name + "'"};
    }
    if (!has_benchmark(*metric)) {
      return Error{Errc::invalid_argument, "metrics: '" + name + "' has no benchmark"};
    }
    metrics.push_back(metric);
  }
  if (!metrics.empty()) return metrics;
  for (const auto& metric : catalogue.all()) {
    if (has_benchmark(*metric)) metrics.push_back(metric.get());
  }
  return metrics;
}

query::MetricRequest ask(const ComplianceRequest& compliance, const std::string& metric,
                         const Budget& budget) {
  query::MetricRequest request;
  request.metric = metric;
  request.from_ms = compliance.period.from_ms;
  request.to_ms = compliance.period.to_ms;
  request.filters = compliance.filters;
  if (compliance.prompt) request.filters.push_back({"prompt", false, {*compliance.prompt}});
  if (compliance.version) request.filters.push_back({"version", false, {*compliance.version}});
  request.group_by = {"prompt", "version"};
  request.deadline_ms = budget.left_ms();
  return request;
}

/// A `*` in a name is a letter here, and a wildcard in a filter.
bool is_asked_for(const ComplianceRequest& request, const std::vector<std::string>& labels) {
  return (!request.prompt || *request.prompt == labels[0]) &&
         (!request.version || *request.version == labels[1]);
}

Result<Versions> versions_of(const query::Engine& engine, const ComplianceRequest& request,
                             const Budget& budget) {
  const auto answer = engine.metric(ask(request, "executions", budget));
  if (!answer) return answer.error();
  Versions versions;
  const auto add = [&versions](const std::string& prompt, const std::string& version) -> auto& {
    VersionCompliance& one = versions[{prompt, version}];
    one.prompt = prompt;
    one.version = version;
    return one;
  };
  for (const query::Group& group : answer->groups) {
    if (!is_asked_for(request, group.labels)) continue;
    add(group.labels[0], group.labels[1]).executions = group.count;
  }
  if (request.prompt) {
    for (const std::string& version : request.also) {
      if (!request.version || *request.version == version) add(*request.prompt, version);
    }
    if (request.version) add(*request.prompt, *request.version);
  }
  return versions;
}

/// A misspelt prompt is not to look like one that has nothing to complain of.
Status require_known(const query::Engine& engine, const ComplianceRequest& request,
                     const Versions& versions) {
  if (!request.prompt) return {};
  if (versions.empty()) {
    return Error{Errc::not_found, "no version of '" + *request.prompt +
                                      "' is registered or ran in this time with these filters"};
  }
  const bool ran = std::any_of(versions.begin(), versions.end(),
                               [](const auto& one) { return one.second.executions > 0; });
  if (ran || !request.also.empty()) return {};
  const auto prompts = engine.label_values("prompt", engine.options().groups_max);
  if (!prompts) return prompts.error();
  // A full list does not tell.
  if (prompts->size() >= engine.options().groups_max) return {};
  if (std::binary_search(prompts->begin(), prompts->end(), *request.prompt)) return {};
  return Error{Errc::not_found, "no version of '" + *request.prompt + "' is registered or has run"};
}

/// Of a version that has no value.
Check unknown(const metrics::MetricInfo& info, const std::optional<Benchmark>& benchmark) {
  Check check;
  check.info = &info;
  check.benchmark = benchmark;
  if (benchmark) check.judgement = analytics::judge({}, {}, 0);
  return check;
}

void judge(Check& check, const query::Group& group, std::uint64_t count_min) {
  check.value = group.value;
  check.count = group.count;
  check.interval = group.interval;
  if (!check.benchmark) return;
  analytics::Estimate estimate{group.value, group.count, std::nullopt};
  if (group.interval) estimate.bounds = {group.interval->low, group.interval->high};
  const bool higher = check.info->direction != metrics::Direction::lower_is_better;
  check.judgement = analytics::judge(estimate, {check.benchmark->bound, higher}, count_min);
}

/// Adds a check of the metric to the versions that have a benchmark for it, or to all where the
/// request names it; whether there are any.
bool add_checks(const metrics::MetricInfo& info, const ComplianceRequest& request,
                const Benchmarks& benchmarks, Versions& versions) {
  bool any = false;
  for (auto& [names, version] : versions) {
    const auto benchmark = benchmarks.find(info, version.prompt, version.version);
    if (!benchmark && request.metrics.empty()) continue;
    version.checks.push_back(unknown(info, benchmark));
    any = true;
  }
  return any;
}

Status check_metric(const query::Engine& engine, const metrics::MetricInfo& info,
                    const ComplianceRequest& request, const Benchmarks& benchmarks,
                    const Budget& budget, Versions& versions) {
  if (!add_checks(info, request, benchmarks, versions)) return {};
  query::MetricRequest asked = ask(request, info.name, budget);
  asked.confidence = 2 * request.confidence - 100;
  const auto answer = engine.metric(asked);
  if (!answer) return answer.error();
  for (const query::Group& group : answer->groups) {
    const auto at = versions.find({group.labels[0], group.labels[1]});
    if (at == versions.end() || at->second.checks.empty()) continue;
    Check& last = at->second.checks.back();
    // Else the version has no benchmark for this metric, and so no check of it.
    if (last.info == &info) judge(last, group, request.count_min);
  }
  return {};
}

}  // namespace

Result<Compliance> check_compliance(const query::Engine& engine,
                                    const metrics::Catalogue& catalogue, const Clock& clock,
                                    const ComplianceRequest& request) {
  const Budget budget(clock, request.deadline_ms);
  const Benchmarks benchmarks(request.benchmarks, request.against_alert);
  const auto metrics = metrics_of(catalogue, request, benchmarks);
  if (!metrics) return metrics.error();
  auto versions = versions_of(engine, request, budget);
  if (!versions) return versions.error();
  if (auto known = require_known(engine, request, *versions); !known) {
    return std::move(known).error();
  }
  Compliance compliance;
  compliance.truncated = versions->size() > request.versions_max;
  while (versions->size() > request.versions_max) versions->erase(std::prev(versions->end()));
  for (const metrics::Metric* metric : *metrics) {
    if (Status done = check_metric(engine, metric->info(), request, benchmarks, budget, *versions);
        !done) {
      return std::move(done).error();
    }
  }
  std::vector<analytics::Verdict> of_versions;
  for (auto& [names, version] : *versions) {
    std::vector<analytics::Verdict> of_checks;
    for (const Check& check : version.checks) of_checks.push_back(check.judgement.verdict);
    version.verdict = analytics::verdict_of_all(of_checks);
    of_versions.push_back(version.verdict);
    compliance.versions.push_back(std::move(version));
  }
  if (compliance.truncated) of_versions.push_back(analytics::Verdict::insufficient_data);
  compliance.verdict = analytics::verdict_of_all(of_versions);
  return compliance;
}

}  // namespace vitals::insight
