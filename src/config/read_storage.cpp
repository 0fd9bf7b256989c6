#include <set>

#include <vitals/config/config.h>
#include <vitals/model/filter.h>
#include <vitals/model/persons.h>

#include "sections.h"

namespace vitals::config {
namespace {

constexpr std::size_t kDimensionsMax = 16;

void check_dimensions(const Section& section, const std::vector<std::string>& dimensions) {
  if (dimensions.empty()) section.problem("dimensions", "needs at least one field");
  if (dimensions.size() > kDimensionsMax) section.problem("dimensions", "at most 16 fields");
  std::set<std::string> seen;
  for (const std::string& field : dimensions) {
    // Cells outlive what the erasure of a user can reach.
    const bool personal = field == "id" || model::is_personal(field);
    if (!model::is_field(field) || personal || field == "status") {
      section.problem("dimensions",
                      "'" + field +
                          "' cannot be a dimension: expected prompt, version, model, provider, "
                          "environment, error.type or tags.<key>");
    }
    if (!seen.insert(field).second) section.problem("dimensions", "'" + field + "' occurs twice");
  }
}

}  // namespace

void read_store(Section section, Config& config) {
  section.bytes("memtable", config.store.memtable_bytes, 1 << 20, 4ULL << 30);
  section.bytes("cache", config.store.cache_bytes, 0, 1ULL << 40);
  section.bytes("cell_cache", config.series.key_cache_bytes, 0, 1ULL << 40);
  section.count("block_rows", config.events.block_rows, 100, 1'000'000);
  section.text("backup_dir", config.backup_dir);
  // Below a megabyte per second flushes could not keep up with any load.
  constexpr std::uint64_t kIoMin = 1ULL << 20;
  section.bytes("io_rate", config.store.io_bytes_per_second, 0, 1ULL << 40);
  const std::uint64_t rate = config.store.io_bytes_per_second;
  if (rate > 0 && rate < kIoMin)
    section.problem("io_rate", "expected 0 (no limit) or 1MiB and more");
}

void read_retention(Section section, Config& config) {
  constexpr DurationMs kMin = 1'000;
  section.retention("raw", config.events.raw_retention_ms, kMin, events::kForever);
  section.retention("1m", config.series.retention_ms[0], kMin, events::kForever);
  section.retention("1h", config.series.retention_ms[1], kMin, events::kForever);
  section.retention("1d", config.series.retention_ms[2], kMin, events::kForever);
  config.series.raw_retention_ms = config.events.raw_retention_ms;
  constexpr std::uint64_t kBudgetMin = 64ULL << 20;
  std::uint64_t& budget = config.pipeline.disk_budget_bytes;
  section.bytes("disk_budget", budget, 0, 1ULL << 60);
  if (budget > 0 && budget < kBudgetMin) {
    section.problem("disk_budget", "expected 0 (no limit) or 64MiB and more");
  }
  // Raw events may go at any time then: minutes must be able to answer without them.
  if (budget > 0) config.series.raw_retention_ms = 0;
}

void read_dedup(Section section, events::Options& events) {
  section.duration("age", events.dedup_age_ms, 1'000);
  section.count("ids", events.dedup_ids_max, 1, 10'000'000'000);
}

void read_series(Section section, series::Options& series) {
  section.texts("dimensions", series.dimensions);
  check_dimensions(section, series.dimensions);
  section.count("max", series.series_max, 1, 100'000'000);
}

}  // namespace vitals::config
