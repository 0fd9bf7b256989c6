#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <vitals/base/hash.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/model/batch.h>
#include <vitals/store/store.h>

#include "block_index.h"
#include "id_window.h"

namespace vitals::events {

/// How ids are hashed here and in the window.
inline std::uint64_t hash_of_id(std::string_view id) { return hash64(id, table_seed()); }

/// The ids of one append(), hashed once.
struct IdHashes {
  explicit IdHashes(const std::vector<model::ExecutionBatch>& batches);
  std::vector<std::vector<std::uint64_t>> of;  ///< by batch and row
};

/// What an id counts against: the log as it is, and how far back.
struct DedupScope {
  const store::Store& store;
  EventLog::Tables tables;
  Position first;           ///< ids before this position are forgotten
  TimeMs arrived_since_ms;  ///< so are those that arrived before this …
  Position recent;          ///< … but not from this position on

  bool covers(const IndexEntry& entry) const {
    return entry.end > first && (entry.end > recent || entry.arrival_ms >= arrived_since_ms);
  }
};

/// For each batch the rows whose id is new: neither in the log within the scope, nor earlier in
/// these batches. Whatever the window suspects is looked up in the id columns of the blocks, so a
/// false suspicion costs time, never an event. Errors: those of reading.
Result<std::vector<std::vector<std::uint32_t>>> find_new_rows(
    const std::vector<model::ExecutionBatch>& batches, const IdHashes& hashes,
    const IdWindow& window, const DedupScope& scope);

}  // namespace vitals::events
