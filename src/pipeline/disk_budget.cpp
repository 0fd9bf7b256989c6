#include "disk_budget.h"

namespace vitals::pipeline {
namespace {

/// What is younger is not dropped.
constexpr DurationMs kSparedMs = kDayMs;

}  // namespace

DiskBudget::DiskBudget(const MaintenanceParts& parts, std::uint64_t bytes)
    : parts_(parts),
      budget_(bytes),
      held_bytes_(parts.telemetry.gauge("vitals_held_bytes",
                                        "Bytes of events and cells, which the budget bounds.")),
      shed_bytes_(parts.telemetry.counter("vitals_shed_bytes_total",
                                          "Bytes dropped to keep the disk budget.")) {
  parts.telemetry
      .gauge("vitals_disk_budget_bytes", "What events and cells may take; 0 is no limit.")
      .set(static_cast<double>(bytes));
}

Status DiskBudget::keep(TimeMs now) {
  // What the store has not compacted yet does not count: it goes by itself, and dropping more for
  // its sake would drop too much.
  const std::uint64_t held = parts_.log.stats().bytes + parts_.rollups.stats().bytes;
  held_bytes_.set(static_cast<double>(held));
  if (budget_ == 0 || held <= budget_) return {};
  const std::uint64_t excess = held - budget_;
  // Cells must have had the events before these go.
  const auto raw = parts_.log.shed(excess, parts_.rollups.watermark());
  if (!raw) return raw.error();
  std::uint64_t gone = *raw;
  if (gone < excess) {
    const auto cells = parts_.rollups.shed(excess - gone, now - kSparedMs);
    if (!cells) return cells.error();
    gone += *cells;
  }
  shed_bytes_.add(gone);
  if (gone > 0) {
    parts_.logger->info("dropped {} bytes of the oldest data, {} of them raw events: disk_budget",
                        gone, *raw);
  }
  if (gone >= excess) return {};
  return Error{Errc::resource_exhausted,
               "what is stored is more than disk_budget, and what is left is too young to be "
               "dropped"};
}

}  // namespace vitals::pipeline
