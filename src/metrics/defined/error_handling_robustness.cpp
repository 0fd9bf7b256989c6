#include "../catalogue.h"
#include "../formula.h"
#include "../intervals.h"

namespace vitals::metrics {
namespace {

/// Mean of the three shares; one whose question no error answers is left out.
std::optional<double> robustness(const Counts& counts) {
  WeightedMean shares;
  const auto add = [&shares](std::uint64_t yes, std::uint64_t known) {
    if (known != 0) shares.add(1, static_cast<double>(yes) / static_cast<double>(known));
  };
  add(counts.detected, counts.detected_known);
  add(counts.recovered, counts.recovered_known);
  add(counts.degraded, counts.degraded_known);
  const std::optional<double> mean = shares.value();
  if (!mean) return std::nullopt;
  return 10 * *mean;
}

std::optional<Interval> robustness_interval(const Counts& counts, double confidence) {
  MeanOfIntervals shares;
  const auto add = [&](std::uint64_t yes, std::uint64_t known) {
    const auto interval = share_interval(yes, known, confidence);
    if (interval) shares.add(1, static_cast<double>(yes) / static_cast<double>(known), *interval);
  };
  add(counts.detected, counts.detected_known);
  add(counts.recovered, counts.recovered_known);
  add(counts.degraded, counts.degraded_known);
  const std::optional<Interval> mean = shares.interval();
  if (!mean) return std::nullopt;
  return Interval{10 * mean->low, 10 * mean->high};
}

}  // namespace

MetricPtr error_handling_robustness() {
  return make_metric({
      .info = {.name = "error_handling_robustness",
               .unit = "score",
               .description = "Errors detected, recovered, or degraded gracefully, 0 to 10",
               .direction = Direction::higher_is_better},
      .needs = {},
      .value = [](const Cell& cell, double) { return robustness(cell.counts); },
      .samples = [](const Cell& cell) { return cell.counts.errors; },
      .interval = [](const Cell& cell, double,
                     double confidence) { return robustness_interval(cell.counts, confidence); },
  });
}

}  // namespace vitals::metrics
