#include "rule_check.h"

#include <cmath>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

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
constexpr DurationMs kWindowMaxMs = 31LL * 86'400'000;

Check check_absence(const Absence& absence, DurationMs memory_ms) {
  if (absence.absent_ms < kWindowMinMs || absence.absent_ms >= memory_ms) {
    return Fault{"absent", fmt::format("must be from {} to less than {}",
                                       format_duration(kWindowMinMs), format_duration(memory_ms))};
  }
  return {};
}

Check check_comparison(const Rule& rule, const metrics::Catalogue& catalogue) {
  const auto* threshold = std::get_if<Threshold>(&rule.condition);
  if (threshold == nullptr) return Fault{"", "this kind of rule is not judged yet"};
  const metrics::Metric* metric = catalogue.find(threshold->metric);
  if (metric == nullptr) {
    return Fault{"metric", fmt::format("unknown metric '{}'", threshold->metric)};
  }
  if (!metric->info().takes_stat && threshold->stat != metrics::Stat{}) {
    return Fault{"stat", fmt::format("'{}' is defined without one", threshold->metric)};
  }
  if (!std::isfinite(threshold->bound)) return Fault{"threshold", "must be a finite number"};
  if (rule.window_ms < kWindowMinMs || rule.window_ms > kWindowMaxMs) {
    return Fault{"window", fmt::format("must be from {} to {}", format_duration(kWindowMinMs),
                                       format_duration(kWindowMaxMs))};
  }
  return {};
}

Check check_groups(const Rule& rule) {
  std::set<std::string> seen;
  for (const std::string& field : rule.group_by) {
    if (!model::is_field(field) || field == "id") {
      return Fault{"group_by", fmt::format("cannot group by '{}'", field)};
    }
    if (!seen.insert(field).second) {
      return Fault{"group_by", fmt::format("'{}' is there twice", field)};
    }
    if (rule.labels.count(field) != 0) {
      return Fault{"labels", fmt::format("'{}' is set by group_by", field)};
    }
  }
  if (rule.labels.count("severity") != 0) return Fault{"labels", "'severity' has its own key"};
  return {};
}

Check check_rule(const Rule& rule, const metrics::Catalogue& catalogue, DurationMs memory_ms) {
  if (rule.name.empty()) return Fault{"name", "is missing"};
  if (rule.for_ms < 0) return Fault{"for", "must not be negative"};
  if (auto fault = check_groups(rule)) return fault;
  if (const auto* absence = std::get_if<Absence>(&rule.condition)) {
    return check_absence(*absence, memory_ms);
  }
  return check_comparison(rule, catalogue);
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

}  // namespace vitals::rules
