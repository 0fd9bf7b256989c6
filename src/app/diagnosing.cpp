#include "diagnosing.h"

#include <optional>
#include <variant>
#include <vector>

#include <vitals/base/clock.h>
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

/// The same time as the window, so much earlier.
insight::Period earlier(const insight::Incident& incident, DurationMs by_ms) {
  const TimeMs to = incident.now_ms + 1 - by_ms;
  return {to - incident.window_ms, to};
}

/// What is to be found out about a rule that holds; nothing where there is no metric to look at, or
/// the rule itself says all.
std::optional<insight::Incident> incident_of(const rules::Rule& rule, TimeMs now) {
  insight::Incident incident;
  incident.now_ms = now;
  incident.window_ms = rule.window_ms;
  incident.samples_min = rule.min_samples;
  incident.metric = metric_of(rule);
  incident.stat = stat_of(rule);
  if (std::holds_alternative<rules::BurnRate>(rule.condition)) {
    incident.metric = "execution_success_rate";
  } else if (const auto* deviation = std::get_if<rules::Deviation>(&rule.condition)) {
    const bool week = deviation->against == rules::Deviation::Against::same_hour_last_week;
    incident.baseline = earlier(incident, week ? 7 * kDayMs : kDayMs);
  } else if (const auto* trend = std::get_if<rules::Trend>(&rule.condition)) {
    // Its beginning against its end.
    incident.window_ms = trend->over_ms / 4;
    incident.baseline = earlier(incident, 3 * incident.window_ms);
  } else if (!std::holds_alternative<rules::Threshold>(rule.condition)) {
    return std::nullopt;
  }
  return incident;
}

}  // namespace

rules::Diagnosis diagnose(const model::Alert& alert, const rules::Rule& rule,
                          const query::Engine& engine, const metrics::Catalogue& catalogue,
                          const Clock& clock) {
  std::optional<insight::Incident> incident = incident_of(rule, clock.now_ms());
  if (!incident) return {};
  const metrics::Metric* metric = catalogue.find(incident->metric);
  if (metric == nullptr) return {};
  incident->stat_given = metric->info().takes_stat;
  incident->filters = filters_of(alert, rule);
  // Of other conditions the value is not one of the metric.
  if (std::holds_alternative<rules::Threshold>(rule.condition)) {
    incident->value = alert.value;
    incident->threshold = alert.threshold;
  }

  const insight::Findings found =
      insight::diagnose(engine, catalogue, clock, *incident, kDeadlineMs);
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
