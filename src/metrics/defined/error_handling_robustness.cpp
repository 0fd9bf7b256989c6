#include "../catalogue.h"
#include "../formula.h"

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
  });
}

}  // namespace vitals::metrics
