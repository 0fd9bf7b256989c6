#include "status.h"

#include <filesystem>
#include <system_error>

namespace vitals::app {

std::vector<api::StatusEntry> status_entries(const store::Store& store, const events::EventLog& log,
                                             const series::Rollups& rollups,
                                             std::uint64_t disk_budget_bytes) {
  const events::LogStats events = log.stats();
  const series::RollupStats cells = rollups.stats();
  const store::Usage usage = store.usage();
  const auto number = [](auto value) { return static_cast<double>(value); };
  return {
      {"log", "events", number(events.events)},
      {"log", "signals", number(events.signals)},
      {"log", "blocks", number(events.blocks)},
      {"log", "bytes", number(events.bytes)},
      {"log", "end", number(events.end)},
      {"dedup", "ids", number(events.dedup_ids)},
      {"dedup", "since", number(events.dedup_since_ms)},
      {"cells", "series", number(cells.series)},
      {"cells", "overflow_events", number(cells.overflow_events)},
      {"cells", "chunks", number(cells.chunks)},
      {"cells", "bytes", number(cells.bytes)},
      {"cells", "watermark", number(cells.watermark)},
      {"store", "disk_bytes", number(usage.disk_bytes)},
      {"store", "live_bytes", number(usage.live_bytes)},
      {"store", "budget_bytes", number(disk_budget_bytes)},
      {"store", "memory_bytes", number(usage.memory_bytes)},
  };
}

std::optional<std::uint64_t> disk_free(const std::string& folder) {
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  if (failed) return std::nullopt;
  return space.available;
}

}  // namespace vitals::app
