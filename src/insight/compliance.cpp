#include <algorithm>
#include <map>
#include <utility>

#include <vitals/insight/compliance.h>

#include "budget.h"

namespace vitals::insight {
namespace {

/// By prompt, then version.
using Versions = std::map<std::pair<std::string, std::string>, VersionCompliance>;

std::optional<double> benchmark_of(const metrics::MetricInfo& info, bool alert) {
  return alert ? info.alert : info.target;
}

Result<std::vector<const metrics::Metric*>> metrics_of(const metrics::Catalogue& catalogue,
                                                       const ComplianceRequest& request) {
  std::vector<const metrics::Metric*> metrics;
  for (const std::string& name : request.metrics) {
    const metrics::Metric* const metric = catalogue.find(name);
    if (metric == nullptr) {
      return Error{Errc::invalid_argument, "metrics: there is no metric '" + name + "'"};
    }
    if (!benchmark_of(metric->info(), request.against_alert)) {
      return Error{Errc::invalid_argument, "metrics: '" + name + "' has no benchmark"};
    }
    metrics.push_back(metric);
  }
  if (!metrics.empty()) return metrics;
  for (const auto& metric : catalogue.all()) {
    if (benchmark_of(metric->info(), request.against_alert)) metrics.push_back(metric.get());
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

/// Of a version that has no value.
Check unknown(const metrics::MetricInfo& info, bool against_alert) {
  Check check;
  check.info = &info;
  check.benchmark = *benchmark_of(info, against_alert);
  check.judgement = analytics::judge({}, {}, 0);
  return check;
}

void judge(Check& check, const query::Group& group, std::uint64_t count_min) {
  check.value = group.value;
  check.count = group.count;
  check.interval = group.interval;
  analytics::Estimate estimate{group.value, group.count, std::nullopt};
  if (group.interval) estimate.bounds = {group.interval->low, group.interval->high};
  const bool higher = check.info->direction != metrics::Direction::lower_is_better;
  check.judgement = analytics::judge(estimate, {check.benchmark, higher}, count_min);
}

Status check_metric(const query::Engine& engine, const metrics::MetricInfo& info,
                    const ComplianceRequest& request, const Budget& budget, Versions& versions) {
  query::MetricRequest asked = ask(request, info.name, budget);
  asked.confidence = 2 * request.confidence - 100;
  const auto answer = engine.metric(asked);
  if (!answer) return answer.error();
  for (auto& [names, version] : versions) {
    version.checks.push_back(unknown(info, request.against_alert));
  }
  for (const query::Group& group : answer->groups) {
    const auto at = versions.find({group.labels[0], group.labels[1]});
    if (at != versions.end()) judge(at->second.checks.back(), group, request.count_min);
  }
  return {};
}

}  // namespace

Result<Compliance> check_compliance(const query::Engine& engine,
                                    const metrics::Catalogue& catalogue, const Clock& clock,
                                    const ComplianceRequest& request) {
  const Budget budget(clock, request.deadline_ms);
  const auto metrics = metrics_of(catalogue, request);
  if (!metrics) return metrics.error();
  auto versions = versions_of(engine, request, budget);
  if (!versions) return versions.error();
  Compliance compliance;
  compliance.truncated = versions->size() > request.versions_max;
  while (versions->size() > request.versions_max) versions->erase(std::prev(versions->end()));
  for (const metrics::Metric* metric : *metrics) {
    if (Status done = check_metric(engine, metric->info(), request, budget, *versions); !done) {
      return std::move(done).error();
    }
  }
  for (auto& [names, version] : *versions) {
    std::vector<analytics::Verdict> verdicts;
    for (const Check& check : version.checks) verdicts.push_back(check.judgement.verdict);
    version.verdict = analytics::verdict_of_all(verdicts);
    compliance.versions.push_back(std::move(version));
  }
  return compliance;
}

}  // namespace vitals::insight
