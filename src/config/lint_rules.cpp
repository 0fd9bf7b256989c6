#include "lint_rules.h"

#include <string_view>
#include <utility>
#include <variant>

#include "metric_values.h"
#include "scalar.h"

namespace vitals::config {
namespace {

using metrics::Stat;

/// Sums and counts grow with traffic; a single execution says little about anything else.
bool is_average(const metrics::MetricInfo& info, const Stat& stat) {
  if (info.takes_stat) return stat.kind == Stat::Kind::mean || stat.kind == Stat::Kind::quantile;
  return info.unit != "executions" && info.unit != "users" && info.unit != "sessions" &&
         info.unit != "1/s";
}

class Lint {
 public:
  explicit Lint(const rules::Rule& rule) : rule_(rule) {}

  void warn(std::string_view key, const std::string& reason) {
    warnings.push_back(rule_.source + ": " + std::string(key) + ": " + reason + " (rule '" +
                       rule_.name + "')");
  }

  void check(const rules::Threshold& threshold, const metrics::Metric& metric) {
    const bool below = threshold.comparison == rules::Comparison::below;
    const auto [min, max] = value_range(metric.info(), threshold.stat);
    const double bound = threshold.bound;
    const std::string range = threshold.metric + " lies" + range_text(min, max);
    if (below ? bound <= min : bound >= max) {
      warn(below ? "below" : "above", "never fires: " + range);
    } else if (below ? bound > max : bound < min) {
      warn(below ? "below" : "above", "always holds: " + range);
    }
    if (rule_.min_samples <= 1 && threshold.confidence == 0 &&
        is_average(metric.info(), threshold.stat)) {
      warn("min_samples", "is 1: a single bad execution raises an alert");
    }
  }

  std::vector<std::string> warnings;

 private:
  const rules::Rule& rule_;
};

}  // namespace

std::vector<std::string> lint(const rules::Rule& rule, const metrics::Catalogue& catalogue) {
  Lint lint(rule);
  if (rule.annotations.count("summary") == 0) {
    lint.warn("annotations", "has no summary, which is what people read first");
  }
  const auto* threshold = std::get_if<rules::Threshold>(&rule.condition);
  const metrics::Metric* metric =
      threshold == nullptr ? nullptr : catalogue.find(threshold->metric);
  if (metric != nullptr) lint.check(*threshold, *metric);
  return std::move(lint.warnings);
}

}  // namespace vitals::config
