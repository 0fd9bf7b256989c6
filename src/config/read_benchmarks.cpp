#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include <vitals/base/number_text.h>
#include <vitals/insight/benchmarks.h>

#include "metric_values.h"
#include "sections.h"

namespace vitals::config {
namespace {

/// A name as in a filter; nothing when the key is absent.
void read_names(Section& section, std::string_view field, std::optional<model::Filter>& out) {
  std::string text;
  section.text(field, text);
  if (!section.has(field)) return;
  Result<model::Filter> pattern = model::parse_filter(std::string(field) + ":" + text);
  if (!pattern) return section.problem(field, pattern.error().message);
  out = *std::move(pattern);
}

/// Why no verdict on such a metric could ever be reached; "" when it can.
std::string why_not_judged(const metrics::Metric& metric) {
  const metrics::MetricInfo& info = metric.info();
  if (info.direction == metrics::Direction::neutral) return "neither more nor less of it is better";
  if (info.is_total) return "it grows with the time that is asked about, and the verdict with it";
  if (metric.has_interval({})) return "";
  return "no interval of it is known (docs/metrics.md, \"Intervals\"), so it cannot be judged";
}

std::optional<double> read_one_bound(Section& section, std::string_view key,
                                     const metrics::MetricInfo& info) {
  if (!section.has(key)) return std::nullopt;
  const auto [least, most] = value_range(info, {});
  double value = std::numeric_limits<double>::quiet_NaN();
  section.number(key, value, least, most);
  if (std::isnan(value)) return std::nullopt;
  return value;
}

/// The alert threshold is the worse one, also where one of the two is the metric's own.
void check_order(Section& section, std::string_view key, const insight::Bounds& bounds,
                 const metrics::MetricInfo& info) {
  const auto target = bounds.target ? bounds.target : info.target;
  const auto alert = bounds.alert ? bounds.alert : info.alert;
  if (!target || !alert) return;
  const bool higher = info.direction == metrics::Direction::higher_is_better;
  if (higher ? *target >= *alert : *target <= *alert) return;
  const auto told = [](const std::optional<double>& given, double value) {
    return number_text(value) + (given ? "" : " (the metric's own)");
  };
  section.problem(key, "the target " + told(bounds.target, *target) + " is worse than the alert " +
                           told(bounds.alert, *alert) + ": " + (higher ? "more" : "less") +
                           " is better");
}

/// `metric: target`, or `metric: {target: …, alert: …}`.
void read_bounds(Section& metrics, const std::string& name, const metrics::Metric& metric,
                 insight::PromptBenchmarks& out) {
  if (const std::string why = why_not_judged(metric); !why.empty()) {
    return metrics.problem(name, why);
  }
  insight::Bounds bounds;
  if (metrics.has_text(name)) {
    bounds.target = read_one_bound(metrics, name, metric.info());
  } else {
    Section both = metrics.section(name);
    bounds.target = read_one_bound(both, "target", metric.info());
    bounds.alert = read_one_bound(both, "alert", metric.info());
    if (!both.has("target") && !both.has("alert")) {
      metrics.problem(name, "needs a target or an alert");
    }
  }
  check_order(metrics, name, bounds, metric.info());
  out.metrics.emplace(name, bounds);
}

}  // namespace

void read_benchmarks(Section& root, const metrics::Catalogue& catalogue,
                     std::vector<insight::PromptBenchmarks>& benchmarks) {
  root.sections("benchmarks", [&](Section& section) {
    insight::PromptBenchmarks& one = benchmarks.emplace_back();
    read_names(section, "prompt", one.prompt);
    read_names(section, "version", one.version);
    if (section.is("prompt", "")) section.problem("prompt", "is empty: no prompt is called so");
    Section metrics = section.section("metrics");
    bool any = false;
    metrics.others([&](const Node& child) {
      any = true;
      const metrics::Metric* const metric = catalogue.find(child.key);
      if (metric == nullptr) {
        return metrics.problem(child.key, unknown_metric_text(catalogue, child.key));
      }
      read_bounds(metrics, child.key, *metric, one);
    });
    if (!any) section.problem("metrics", "needs at least one metric");
  });
}

}  // namespace vitals::config
