#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

/// Executions that say how they ended.
std::uint64_t with_status(const Cell& cell) { return cell.counts.successes + cell.counts.errors; }

}  // namespace

MetricPtr execution_success_rate() {
  return make_metric({
      .info = {.name = "execution_success_rate",
               .unit = "percent",
               .description = "Executions that succeeded, of those with a status",
               .direction = Direction::higher_is_better,
               .target = 95,
               .alert = 90},
      .needs = {},
      .value =
          [](const Cell& cell, double) {
            return 100.0 * static_cast<double>(cell.counts.successes) /
                   static_cast<double>(with_status(cell));
          },
      .samples = with_status,
      .interval = [](const Cell& cell, double, double confidence) -> std::optional<Interval> {
        const auto share = share_interval(cell.counts.successes, with_status(cell), confidence);
        if (!share) return std::nullopt;
        return Interval{100 * share->low, 100 * share->high};
      },
  });
}

}  // namespace vitals::metrics
