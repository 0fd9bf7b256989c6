#include "rule_check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>

namespace vitals::rules {
namespace {

/// A field of the rule and what is wrong with it.
struct Fault {
  std::string_view field;
  std::string reason;
};
using Check = std::optional<Fault>;

/// Sixty panes of a millisecond at least, and not more than rolls up in memory sensibly.
constexpr DurationMs kWindowMinMs = 1'000;
constexpr DurationMs kWindowMaxMs = 31 * kDayMs;
constexpr double kConfidenceMin = 50;

Check check_span(std::string_view field, DurationMs span_ms) {
  if (span_ms >= kWindowMinMs && span_ms <= kWindowMaxMs) return {};
  return Fault{field, fmt::format("must be from {} to {}", format_duration(kWindowMinMs),
                                  format_duration(kWindowMaxMs))};
}

Check check_confidence(double confidence, const metrics::Metric& metric,
                       const metrics::Stat& stat) {
  if (!(confidence >= kConfidenceMin && confidence < 100)) {
    return Fault{"confidence", fmt::format("must be at least {} and below 100", kConfidenceMin)};
  }
  if (!metric.has_interval(stat)) {
    return Fault{
        "confidence",
        fmt::format("no interval of '{}' is known (docs/metrics.md, \"Intervals\")",
                    metric.info().takes_stat ? stat.to_string() + " of " + metric.info().name
                                             : metric.info().name)};
  }
  return {};
}

/// Checks of one condition; the catalogue and how long groups are remembered are at hand.
struct Conditions {
  const Rule& rule;
  const metrics::Catalogue& catalogue;
  DurationMs memory_ms;

  template <class OnMetric>
  Check check_metric(const OnMetric& on_metric) const {
    const metrics::Metric* metric = catalogue.find(on_metric.metric);
    if (metric == nullptr) {
      return Fault{"metric", fmt::format("unknown metric '{}'", on_metric.metric)};
    }
    if (!metric->info().takes_stat && on_metric.stat != metrics::Stat{}) {
      return Fault{"stat", fmt::format("'{}' is defined without one", on_metric.metric)};
    }
    return {};
  }

  Check operator()(const Threshold& threshold) const {
    if (auto fault = check_metric(threshold)) return fault;
    if (!std::isfinite(threshold.bound)) return Fault{"threshold", "must be a finite number"};
    if (threshold.clear) {
      const bool below = threshold.comparison == Comparison::below;
      const bool better =
          below ? *threshold.clear >= threshold.bound : *threshold.clear <= threshold.bound;
      if (!better) {
        return Fault{"clear",
                     below ? "must not lie below the bound" : "must not lie above the bound"};
      }
    }
    if (threshold.confidence != 0) {
      auto fault =
          check_confidence(threshold.confidence, *catalogue.find(threshold.metric), threshold.stat);
      if (fault) return fault;
    }
    return check_span("window", rule.window_ms);
  }

  Check operator()(const Absence& absence) const {
    if (absence.absent_ms >= kWindowMinMs && absence.absent_ms < memory_ms) return {};
    return Fault{"absent", fmt::format("must be from {} to less than {}",
                                       format_duration(kWindowMinMs), format_duration(memory_ms))};
  }

  Check operator()(const BurnRate& burn_rate) const {
    constexpr std::string_view kField = "burn_rate";
    if (!(burn_rate.objective > 0 && burn_rate.objective < 100)) {
      return Fault{kField, "objective must lie between 0 and 100"};
    }
    if (burn_rate.windows.empty()) return Fault{kField, "needs windows"};
    const double most = 100 / (100 - burn_rate.objective);
    for (const BurnRate::Pair& pair : burn_rate.windows) {
      for (const DurationMs window_ms : {pair.long_ms, pair.short_ms}) {
        if (auto fault = check_span(kField, window_ms)) return fault;
      }
      if (pair.short_ms >= pair.long_ms) return Fault{kField, "short must be less than long"};
      if (!(pair.factor > 0 && pair.factor < most)) {
        return Fault{kField, fmt::format("factor must lie between 0 and {:g}: if everything fails, "
                                         "the budget burns {:g} times too quickly",
                                         most, most)};
      }
    }
    return {};
  }

  Check operator()(const Composite& composite) const {
    const std::string_view field = composite.all ? "all_of" : "any_of";
    if (composite.rules.empty()) return Fault{field, "names no rule"};
    const std::set<std::string> names(composite.rules.begin(), composite.rules.end());
    if (names.size() != composite.rules.size()) return Fault{field, "names a rule twice"};
    if (!rule.filters.empty()) return Fault{"filter", "belongs into the rules it is composed of"};
    return {};
  }

  Check operator()(const Unhealthy& unhealthy) const {
    if (unhealthy.components.empty()) return Fault{"unhealthy", "names no component"};
    for (const std::string& component : unhealthy.components) {
      if (std::find(kComponents.begin(), kComponents.end(), component) == kComponents.end()) {
        return Fault{"unhealthy", fmt::format("unknown component '{}'; known are {}", component,
                                              fmt::join(kComponents, ", "))};
      }
    }
    if (!rule.group_by.empty()) return Fault{"group_by", "each component is a group already"};
    if (!rule.filters.empty()) return Fault{"filter", "has no meaning for components"};
    if (rule.labels.count("component") != 0)
      return Fault{"labels", "'component' is set by the rule"};
    return {};
  }

  Check operator()(const Deviation& deviation) const {
    if (auto fault = check_metric(deviation)) return fault;
    if (!(deviation.by_percent > 0 && std::isfinite(deviation.by_percent))) {
      return Fault{"changed", "by must be more than 0 %"};
    }
    const bool whole_days = deviation.trailing_ms > 0 && deviation.trailing_ms % kDayMs == 0;
    if (deviation.against == Deviation::Against::trailing &&
        (!whole_days || deviation.trailing_ms > kWindowMaxMs)) {
      return Fault{"changed", "trailing must be whole days, from 1d to 31d"};
    }
    return check_span("window", rule.window_ms);
  }

  Check operator()(const Trend& trend) const {
    if (auto fault = check_metric(trend)) return fault;
    if (!std::isfinite(trend.bound)) return Fault{"threshold", "must be a finite number"};
    if (auto fault = check_span("reached_within", trend.reached_within_ms)) return fault;
    return check_span("over", trend.over_ms);
  }

  Check operator()(const BetterVersion& better) const {
    if (auto fault = check_metric(better)) return fault;
    const metrics::Metric& metric = *catalogue.find(better.metric);
    if (metric.info().direction == metrics::Direction::neutral) {
      return Fault{"better_version",
                   fmt::format("of '{}' neither more nor less is better", better.metric)};
    }
    if (std::count(rule.group_by.begin(), rule.group_by.end(), "version") != 0) {
      return Fault{"group_by", "versions are what is compared"};
    }
    if (auto fault = check_confidence(better.confidence, metric, better.stat)) return fault;
    return check_span("better_version", better.window_ms);
  }
};

Check check_groups(const Rule& rule) {
  std::set<std::string> seen;
  for (const std::string& field : rule.group_by) {
    if (!model::is_field(field) || field == "id") {
      return Fault{"group_by", fmt::format("cannot group by '{}'", field)};
    }
    if (!seen.insert(field).second) {
      return Fault{"group_by", fmt::format("'{}' is there twice", field)};
    }
  }
  if (rule.labels.count("severity") != 0) return Fault{"labels", "'severity' has its own key"};
  return {};
}

Check check_rule(const Rule& rule, const metrics::Catalogue& catalogue, DurationMs memory_ms) {
  if (rule.name.empty()) return Fault{"name", "is missing"};
  if (rule.for_ms < 0) return Fault{"for", "must not be negative"};
  if (rule.keep_firing_ms < 0) return Fault{"keep_firing_for", "must not be negative"};
  if (rule.response_ms < 0) return Fault{"response_time", "must not be negative"};
  if (is_on_history(rule) && rule.every_ms < kWindowMinMs) {
    return Fault{"every", "must be at least " + format_duration(kWindowMinMs)};
  }
  if (auto fault = check_groups(rule)) return fault;
  return std::visit(Conditions{rule, catalogue, memory_ms}, rule.condition);
}

}  // namespace

Error rule_error(const Rule& rule, std::string_view field, std::string_view reason) {
  const std::string where = rule.source.empty() ? "" : rule.source + ": ";
  return {Errc::invalid_argument,
          fmt::format("{}rule '{}': {}: {}", where, rule.name, field, reason)};
}

Status check_rules(const std::vector<Rule>& rules, const metrics::Catalogue& catalogue,
                   DurationMs memory_ms) {
  std::set<std::string> names;
  for (const Rule& rule : rules) {
    if (const auto fault = check_rule(rule, catalogue, memory_ms)) {
      return rule_error(rule, fault->field, fault->reason);
    }
    if (!names.insert(rule.name).second) return rule_error(rule, "name", "is there twice");
  }
  return {};
}

Status check_fields(const Rule& rule, const std::vector<std::string>& fields,
                    const std::vector<std::vector<std::string>>& of_parts) {
  for (const std::string& field : fields) {
    if (rule.labels.count(field) != 0) {
      return rule_error(rule, "labels", "'" + field + "' is set by group_by");
    }
  }
  if (of_parts.empty()) return {};
  const bool covered = std::any_of(of_parts.begin(), of_parts.end(), [&](const auto& part) {
    return std::all_of(fields.begin(), fields.end(), [&part](const std::string& field) {
      return std::find(part.begin(), part.end(), field) != part.end();
    });
  });
  if (covered) return {};
  return rule_error(rule, "group_by", "none of the rules it is composed of has all these groups");
}

}  // namespace vitals::rules
