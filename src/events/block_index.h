#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/events/block.h>
#include <vitals/store/store.h>

namespace vitals::events {

/// What is known of a block without reading it (docs/formats/event-block.md, "Index").
struct IndexEntry {
  Position first = 0;
  Position end = 0;  ///< one past the last position it ever spanned
  std::uint32_t rows = 0;
  TimeMs min_ms = 0;
  TimeMs max_ms = 0;
  TimeMs arrival_ms = 0;
  std::uint64_t bytes = 0;
  std::uint64_t epoch = 0;    ///< of names in which it was written; 0: before there were any
  std::uint32_t signals = 0;  ///< rows that are no executions
  bool nobodys = false;       ///< persons were taken out of all rows

  bool overlaps(TimeMs from_ms, TimeMs to_ms) const { return max_ms >= from_ms && min_ms < to_ms; }
};

std::string block_key(Position first);
std::string encode(const IndexEntry& entry);
/// Error: corruption naming the block.
Result<IndexEntry> decode_entry(std::string_view key, std::string_view value);

/// Walks the entries that overlap the positions [first, end), ascending. Not thread-safe.
///
///     for (IndexWalk walk(…); walk.valid(); walk.next()) … walk.entry() …
///     if (!walk.status()) …
class IndexWalk {
 public:
  IndexWalk(const store::Snapshot& snapshot, store::Table index, Position first, Position end);

  bool valid() const { return valid_; }
  void next();
  const IndexEntry& entry() const { return entry_; }
  const Status& status() const { return status_; }

 private:
  void load();

  std::unique_ptr<store::Cursor> cursor_;
  IndexEntry entry_;
  bool valid_ = false;
  Status status_;
};

/// One past the last position that was ever given, as far as this snapshot knows: kept beside the
/// index, so that positions of blocks that are gone are not given again.
Result<Position> log_end(const store::Snapshot& snapshot, store::Table index, store::Table state);
void put_log_end(store::WriteBatch& changes, store::Table state, Position end);

/// Events older than this may have been dropped, as far as this snapshot knows.
Result<TimeMs> dropped_before(const store::Snapshot& snapshot, store::Table state);
void put_dropped_before(store::WriteBatch& changes, store::Table state, TimeMs time);
inline constexpr TimeMs kNothingDropped = std::numeric_limits<TimeMs>::min();

/// An epoch some of whose names may have become unused: set and cleared, and the first that is set.
void put_unused_names(store::WriteBatch& changes, store::Table state, std::uint64_t epoch);
void clear_unused_names(store::WriteBatch& changes, store::Table state, std::uint64_t epoch);
Result<std::optional<std::uint64_t>> first_unused_names(const store::Snapshot& snapshot,
                                                        store::Table state);

/// The newest entry whose first position is before `end`.
Result<std::optional<IndexEntry>> last_entry(const store::Snapshot& snapshot, store::Table index,
                                             Position end);

}  // namespace vitals::events
