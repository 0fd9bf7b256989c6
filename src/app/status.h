#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vitals/api/api.h>
#include <vitals/events/event_log.h>
#include <vitals/series/rollups.h>
#include <vitals/store/store.h>

namespace vitals::app {

/// The figures of GET /api/v1/status. Thread-safe.
std::vector<api::StatusEntry> status_entries(const store::Store& store, const events::EventLog& log,
                                             const series::Rollups& rollups,
                                             std::uint64_t disk_budget_bytes);

/// Free bytes where a folder is; nothing when they cannot be told.
std::optional<std::uint64_t> disk_free(const std::string& folder);

}  // namespace vitals::app
