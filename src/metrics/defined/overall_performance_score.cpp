#include <algorithm>
#include <memory>

#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

/// What the mapping makes of a metric at its alert threshold and at its target.
constexpr double kAtAlert = 50;
constexpr double kAtTarget = 90;

struct Part {
  MetricPtr metric;
  double weight;
};
/// Shared, because a std::function must be able to copy what it holds.
using Parts = std::shared_ptr<const std::vector<Part>>;

Parts parts_of(const Options& options) {
  auto parts = std::make_shared<std::vector<Part>>();
  parts->push_back({execution_success_rate(), options.overall.success});
  parts->push_back({response_quality_score(), options.overall.quality});
  parts->push_back({task_completion_efficiency(options.efficiency), options.overall.efficiency});
  parts->push_back({user_satisfaction_rating(), options.overall.satisfaction});
  return parts;
}

double score(const MetricInfo& info, double value) {
  const double progress = (value - *info.alert) / (*info.target - *info.alert);
  return std::clamp(kAtAlert + (kAtTarget - kAtAlert) * progress, 0.0, 100.0);
}

std::optional<double> overall(const Cell& cell, double seconds, const std::vector<Part>& parts) {
  WeightedMean overall;
  for (const Part& part : parts) {
    const std::optional<double> value = part.metric->value(cell, {}, seconds);
    if (value) overall.add(part.weight, score(part.metric->info(), *value));
  }
  return overall.value();
}

/// Of the score of each part. The four are not independent of one another (a slow execution is
/// rated worse), but what a cell keeps does not tell how they go together.
std::optional<Interval> overall_interval(const Cell& cell, double seconds,
                                         const std::vector<Part>& parts, double confidence) {
  MeanOfIntervals overall;
  for (const Part& part : parts) {
    const std::optional<double> value = part.metric->value(cell, {}, seconds);
    if (!value) continue;
    const auto interval = part.metric->interval(cell, {}, seconds, confidence);
    if (!interval) return std::nullopt;
    const MetricInfo& info = part.metric->info();
    overall.add(part.weight, score(info, *value),
                {score(info, interval->low), score(info, interval->high)});
  }
  return overall.interval();
}

}  // namespace

MetricPtr overall_performance_score(const Options& options) {
  const Parts parts = parts_of(options);
  Needs needs;
  for (const Part& part : *parts) needs.merge(part.metric->needs({}));
  return make_metric({
      .info = {.name = "overall_performance_score",
               .unit = "score",
               .description = "The four core metrics on one scale of 0 to 100, averaged",
               .direction = Direction::higher_is_better,
               .target = 90,
               .alert = 50},
      .needs = needs,
      .value = [parts](const Cell& cell, double seconds) { return overall(cell, seconds, *parts); },
      .samples = [](const Cell& cell) { return cell.counts.executions; },
      .interval =
          [parts](const Cell& cell, double seconds, double confidence) {
            return overall_interval(cell, seconds, *parts, confidence);
          },
  });
}

}  // namespace vitals::metrics
