#include <algorithm>
#include <limits>

#include <vitals/base/nearest.h>
#include <vitals/metrics/metric.h>
#include <vitals/rules/rule.h>

#include "sections.h"

namespace vitals::config {
namespace {

constexpr DurationMs kDayMs = 86'400'000;

void read_stat(Section& section, const metrics::Metric& metric, rules::Rule& rule) {
  std::string text;
  section.text("stat", text);
  if (text.empty()) return;
  const Result<metrics::Stat> stat = metrics::parse_stat(text);
  if (!stat) return section.problem("stat", stat.error().message);
  if (!metric.info().takes_stat) {
    return section.problem("stat", metric.info().name + " is a defined metric and takes no stat");
  }
  std::get<rules::Threshold>(rule.condition).stat = *stat;
}

void read_metric(Section& section, const metrics::Catalogue& catalogue, rules::Rule& rule) {
  if (const metrics::Metric* metric = catalogue.find(metric_of(rule))) {
    return read_stat(section, *metric, rule);
  }
  section.has("stat");
  std::vector<std::string_view> names;
  for (const auto& metric : catalogue.all()) names.push_back(metric->info().name);
  const std::string_view near = nearest(metric_of(rule), names);
  section.problem("metric", "there is no metric '" + std::string(metric_of(rule)) + "'" +
                                (near.empty() ? std::string("; 'vitalsctl metrics' lists them")
                                              : "; did you mean '" + std::string(near) + "'?"));
}

/// `below: n` or `above: n`, exactly one of them.
void read_threshold(Section& section, rules::Rule& rule) {
  constexpr double kMax = std::numeric_limits<double>::max();
  const bool below = section.has("below");
  const bool above = section.has("above");
  auto& threshold = std::get<rules::Threshold>(rule.condition);
  threshold.comparison = above ? rules::Comparison::above : rules::Comparison::below;
  if (below == above)
    return section.problem("", "a metric needs below or above, and only one of them");
  section.number(above ? "above" : "below", threshold.bound, -kMax, kMax);
}

void read_condition(Section& section, const metrics::Catalogue& catalogue, rules::Rule& rule) {
  // A silent group is remembered for two days (window/windows.h).
  rules::Absence absence;
  section.duration("absent", absence.absent_ms, 1'000, 2 * kDayMs);
  rules::Threshold threshold;
  section.text("metric", threshold.metric);
  section.duration("window", rule.window_ms, 1'000, 31 * kDayMs);
  if (threshold.metric.empty() && absence.absent_ms == 0) {
    return section.problem("", "needs a metric (with below or above) or absent");
  }
  if (!threshold.metric.empty() && absence.absent_ms != 0) {
    return section.problem("absent", "a rule has either a metric or absent");
  }
  if (!threshold.metric.empty()) {
    rule.condition = threshold;
    read_metric(section, catalogue, rule);
    return read_threshold(section, rule);
  }
  rule.condition = absence;
  for (const char* key : {"stat", "below", "above"}) {
    if (section.has(key)) section.problem(key, "has no meaning in a rule of absence");
  }
}

void read_group(Section& section, rules::Rule& rule) {
  std::vector<std::string> filters;
  section.texts("filter", filters);
  for (const std::string& text : filters) {
    Result<model::Filter> filter = model::parse_filter(text);
    if (filter) {
      rule.filters.push_back(*std::move(filter));
    } else {
      section.problem("filter", filter.error().message);
    }
  }
  section.texts("group_by", rule.group_by);
  for (const std::string& field : rule.group_by) {
    if (!model::is_field(field)) section.problem("group_by", "unknown field '" + field + "'");
    if (std::count(rule.group_by.begin(), rule.group_by.end(), field) > 1) {
      section.problem("group_by", "'" + field + "' occurs twice");
    }
  }
}

rules::Rule read_rule(Section& section, const metrics::Catalogue& catalogue) {
  using model::Severity;
  rules::Rule rule;
  section.text("name", rule.name);
  if (rule.name.empty()) section.problem("name", "is required");
  read_condition(section, catalogue, rule);
  section.duration("for", rule.for_ms, 0, 31 * kDayMs);
  section.count("min_samples", rule.min_samples, 1);
  read_group(section, rule);
  section.choice<Severity>("severity", rule.severity,
                           {{"informational", Severity::informational},
                            {"warning", Severity::warning},
                            {"critical", Severity::critical}});
  section.text_map("labels", rule.labels);
  section.text_map("annotations", rule.annotations);
  rule.source = section.document().file + ":" + std::to_string(section.line());
  return rule;
}

}  // namespace

void read_rules(Section& root, const metrics::Catalogue& catalogue,
                std::vector<rules::Rule>& rules) {
  root.sections("rules", [&](Section& section) {
    rules::Rule rule = read_rule(section, catalogue);
    const auto same = std::find_if(rules.begin(), rules.end(), [&rule](const rules::Rule& other) {
      return !rule.name.empty() && other.name == rule.name;
    });
    if (same != rules.end()) {
      section.problem("name",
                      "'" + rule.name + "' is also the name of the rule at " + same->source);
    }
    rules.push_back(std::move(rule));
  });
}

}  // namespace vitals::config
