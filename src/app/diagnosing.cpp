#include "diagnosing.h"

#include <vitals/insight/diagnosis.h>

namespace vitals::app {
namespace {

constexpr DurationMs kDeadlineMs = 300;

/// The executions that the alert is about: the rule's, and of those its group's.
std::vector<model::Filter> filters_of(const model::Alert& alert, const rules::Rule& rule) {
  std::vector<model::Filter> filters = rule.filters;
  for (const std::string& field : rule.group_by) {
    const auto label = alert.labels.find(field);
    filters.push_back({field, false, {label == alert.labels.end() ? "" : label->second}});
  }
  return filters;
}

}  // namespace

rules::Diagnosis diagnose(const model::Alert& alert, const rules::Rule& rule,
                          const query::Engine& engine, const metrics::Catalogue& catalogue,
                          const Clock& clock) {
  const metrics::Metric* metric = catalogue.find(metric_of(rule));
  if (metric == nullptr) return {};
  insight::Incident incident;
  incident.metric = metric_of(rule);
  incident.stat = stat_of(rule);
  incident.stat_given = metric->info().takes_stat;
  incident.filters = filters_of(alert, rule);
  incident.now_ms = clock.now_ms();
  incident.window_ms = span_of(rule);
  incident.value = alert.value;
  incident.threshold = alert.threshold;
  incident.samples_min = rule.min_samples;

  const insight::Findings found =
      insight::diagnose(engine, catalogue, clock, incident, kDeadlineMs);
  rules::Diagnosis diagnosis;
  const auto say = [&](const char* name, const std::string& text) {
    if (!text.empty()) diagnosis.annotations.emplace(name, text);
  };
  say("cause", found.cause);
  say("affected", found.affected);
  say("errors", found.errors);
  say("rollback_to", found.rollback_to);
  diagnosis.rollback_to = found.rollback_to;
  return diagnosis;
}

}  // namespace vitals::app
