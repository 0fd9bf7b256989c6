#include "read_condition.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include <vitals/base/clock.h>

#include "metric_values.h"

namespace vitals::config {
namespace {

constexpr double kMax = std::numeric_limits<double>::max();

/// The keys that say what kind of rule it is.
constexpr std::array<std::string_view, 7> kKinds{"metric", "absent",    "burn_rate",     "all_of",
                                                 "any_of", "unhealthy", "better_version"};

rules::Threshold read_threshold(Section& section, const metrics::Catalogue& catalogue) {
  rules::Threshold threshold;
  read_metric(section, catalogue, threshold.metric, threshold.stat);
  read_bound(section, threshold.comparison, threshold.bound);
  if (section.has("clear")) section.number("clear", threshold.clear.emplace(), -kMax, kMax);
  section.number("confidence", threshold.confidence, 50, 99.999);
  return threshold;
}

rules::BurnRate read_burn_rate(Section section) {
  rules::BurnRate burn_rate;
  section.number("objective", burn_rate.objective, 0.001, 99.9999);
  section.sections("windows", [&burn_rate](Section& pair) {
    rules::BurnRate::Pair& read = burn_rate.windows.emplace_back();
    for (const char* key : {"long", "short", "factor"}) {
      if (!pair.has(key)) pair.problem(key, "is required");
    }
    pair.duration("long", read.long_ms, 1'000, 31 * kDayMs);
    pair.duration("short", read.short_ms, 1'000, 31 * kDayMs);
    pair.number("factor", read.factor, 0, kMax);
  });
  if (burn_rate.windows.empty()) section.problem("windows", "needs at least one pair of windows");
  return burn_rate;
}

rules::Condition read_on_metric(Section& section, const metrics::Catalogue& catalogue) {
  const bool trend = section.has("reached_within");
  if (!section.has("changed")) {
    if (trend) return read_trend(section, catalogue);
    return read_threshold(section, catalogue);
  }
  for (const char* key : {"below", "above", "reached_within"}) {
    if (section.has(key)) section.problem(key, "cannot go with changed");
  }
  return read_deviation(section, catalogue);
}

rules::Condition read_kind(Section& section, std::string_view kind,
                           const metrics::Catalogue& catalogue) {
  if (kind == "metric") return read_on_metric(section, catalogue);
  if (kind == "burn_rate") return read_burn_rate(section.section(kind));
  if (kind == "better_version") return read_better_version(section.section(kind), catalogue);
  if (kind == "absent") {
    rules::Absence absence;
    // A silent group is remembered for two days (window/windows.h).
    section.duration(kind, absence.absent_ms, 1'000, 2 * kDayMs);
    return absence;
  }
  if (kind == "unhealthy") {
    rules::Unhealthy unhealthy;
    section.texts(kind, unhealthy.components);
    return unhealthy;
  }
  rules::Composite composite;
  composite.all = kind == "all_of";
  section.texts(kind, composite.rules);
  return composite;
}

}  // namespace

void read_metric(Section& section, const metrics::Catalogue& catalogue, std::string& metric,
                 metrics::Stat& stat) {
  section.text("metric", metric);
  std::string text;
  section.text("stat", text);
  const metrics::Metric* found = catalogue.find(metric);
  if (found == nullptr) return section.problem("metric", unknown_metric_text(catalogue, metric));
  if (text.empty()) return;
  const Result<metrics::Stat> parsed = metrics::parse_stat(text);
  if (!parsed) return section.problem("stat", parsed.error().message);
  if (!found->info().takes_stat) {
    return section.problem("stat", metric + " is a defined metric and takes no stat");
  }
  stat = *parsed;
}

void read_bound(Section& section, rules::Comparison& comparison, double& bound) {
  const bool below = section.has("below");
  const bool above = section.has("above");
  comparison = above ? rules::Comparison::above : rules::Comparison::below;
  if (below == above) {
    return section.problem("", "a metric needs below or above, and only one of them");
  }
  section.number(above ? "above" : "below", bound, -kMax, kMax);
}

std::vector<Node> missing_condition(const Node& part) {
  std::vector<Node> missing;
  const auto has = [&part](std::string_view key) { return part.find(key) != nullptr; };
  const auto add = [&](std::string_view key, std::string_view text) {
    missing.push_back(
        {Node::Kind::scalar, std::string(key), std::string(text), false, part.line, {}});
  };
  if (!has("metric") && std::any_of(kKinds.begin(), kKinds.end(), has)) return missing;
  if (!has("metric")) add("metric", "duration_ms");
  if (!has("below") && !has("above") && !has("changed")) add("below", "0");
  if (has("over") && !has("reached_within")) add("reached_within", "1h");
  return missing;
}

void read_condition(Section& section, const metrics::Catalogue& catalogue, rules::Rule& rule) {
  section.duration("window", rule.window_ms, 1'000, 31 * kDayMs);
  section.duration("every", rule.every_ms, 1'000, kDayMs);
  std::vector<std::string_view> kinds;
  for (const std::string_view kind : kKinds) {
    if (section.has(kind)) kinds.push_back(kind);
  }
  if (kinds.empty()) {
    return section.problem(
        "",
        "needs a metric (with below, above or changed), absent, burn_rate, all_of, any_of, "
        "unhealthy or better_version");
  }
  if (kinds.size() > 1) {
    return section.problem(kinds[1], "a rule has only one condition, and this one has " +
                                         std::string(kinds[0]) + " already");
  }
  rule.condition = read_kind(section, kinds[0], catalogue);
  if (kinds[0] == "metric") return;
  for (const char* key :
       {"stat", "below", "above", "clear", "confidence", "changed", "reached_within", "over"}) {
    if (section.has(key)) section.problem(key, "has a meaning only with metric");
  }
}

}  // namespace vitals::config
