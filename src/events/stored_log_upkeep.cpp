#include <algorithm>
#include <limits>
#include <vector>

#include <vitals/model/rows.h>

#include "block_reader.h"
#include "stored_log.h"

namespace vitals::events {
namespace {

/// Buckets of arrival within which blocks are merged, per dedup age.
constexpr DurationMs kArrivalBuckets = 24;

/// Rewritten in one call of erase(), which are in memory together.
constexpr int kEraseBlocks = 32;

/// Blocks in a row as one, keeping every row's position.
struct Joined {
  model::ExecutionBatch rows;
  std::vector<Position> positions;

  void add(const Block& block) {
    rows.append(block.rows);
    for (std::size_t row = 0; row < block.rows.rows(); ++row) {
      positions.push_back(block.position(row));
    }
  }
  /// Empty when they follow each other from `first`.
  std::span<const Position> explicit_positions(Position first) const {
    const bool dense =
        positions.front() == first && positions.back() == first + positions.size() - 1;
    return dense ? std::span<const Position>() : positions;
  }
};

}  // namespace

Result<std::uint64_t> StoredLog::merge_small_blocks() {
  const auto snapshot = store_.snapshot();
  std::vector<IndexEntry> entries;
  IndexWalk walk(*snapshot, tables_.index, settled_, std::numeric_limits<Position>::max());
  for (; walk.valid(); walk.next()) entries.push_back(walk.entry());
  if (!walk.status()) return walk.status().error();

  const MergeRules rules{std::min<std::uint32_t>(options_.block_rows, kBlockRowsMax),
                         std::max<DurationMs>(options_.dedup_age_ms / kArrivalBuckets, 1)};
  const MergePlan plan = plan_merge(entries, rules);
  if (plan.settled > 0) settled_ = entries[plan.settled - 1].end;
  if (plan.begin == plan.end) return std::uint64_t{0};
  if (Status merged = merge(std::span(entries).subspan(plan.begin, plan.end - plan.begin));
      !merged) {
    // Blocks that cannot be read stay as they are; others must not wait for them.
    const Errc code = merged.error().code;
    if (code == Errc::corruption || code == Errc::io) settled_ = entries[plan.end - 1].end;
    return std::move(merged).error();
  }
  return std::uint64_t{plan.end - plan.begin - 1};
}

Status StoredLog::merge(std::span<const IndexEntry> entries) {
  const auto snapshot = store_.snapshot();
  NameReader source(*snapshot, tables_.names, name_cache_);
  const auto newer = [](const IndexEntry& a, const IndexEntry& b) { return a.epoch < b.epoch; };
  KeptNames names(source, std::max_element(entries.begin(), entries.end(), newer)->epoch);
  BlockReader reader(*snapshot, tables_.blocks, names);
  Joined joined;
  Block block;
  IndexEntry merged = entries.front();
  store::WriteBatch changes;
  merged.rows = merged.signals = 0;
  merged.epoch = names.epoch();
  for (const IndexEntry& entry : entries) {
    if (Status read = reader.read(entry, model::ColumnSet::all(), block); !read) return read;
    joined.add(block);
    merged.end = entry.end;
    merged.rows += entry.rows;
    merged.signals += entry.signals;
    merged.min_ms = std::min(merged.min_ms, entry.min_ms);
    merged.max_ms = std::max(merged.max_ms, entry.max_ms);
    merged.arrival_ms = std::max(merged.arrival_ms, entry.arrival_ms);
    // Names of an older epoch become texts again.
    if (entry.epoch == names.epoch()) {
      erase_block(changes, entry.first);
    } else {
      drop_block(changes, entry);
    }
  }
  const Result<std::string> bytes =
      rewriter_.encode({joined.rows, 0, joined.rows.rows(), merged.first,
                        joined.explicit_positions(merged.first), merged.arrival_ms},
                       &names);
  if (!bytes) return bytes.error();
  merged.bytes = bytes->size();
  put_block(changes, merged, *bytes);
  // Not synced: what a power cut undoes is merged again.
  return store_.commit(changes, store::Sync::no);
}

Result<std::uint64_t> StoredLog::expire(Position before) {
  if (options_.raw_retention_ms == kForever) return std::uint64_t{0};
  return drop_older({clock_.now_ms() - options_.raw_retention_ms, before, dedup_scope()});
}

Result<std::uint64_t> StoredLog::shed(std::uint64_t bytes, Position before) {
  Droppable old{0, before, dedup_scope()};
  std::vector<std::pair<TimeMs, std::uint64_t>> candidates;  // newest event and bytes of blocks
  const auto snapshot = store_.snapshot();
  IndexWalk walk(*snapshot, tables_.index, 0, before);
  for (; walk.valid(); walk.next()) {
    const IndexEntry& entry = walk.entry();
    if (old.may_go(entry)) candidates.emplace_back(entry.max_ms, entry.bytes);
  }
  if (!walk.status()) return walk.status().error();
  std::sort(candidates.begin(), candidates.end());
  std::uint64_t gone = 0;
  for (const auto& [max_ms, block_bytes] : candidates) {
    if (gone >= bytes && max_ms >= old.before_ms) break;
    gone += block_bytes;
    old.before_ms = max_ms + 1;
  }
  if (gone == 0) return gone;
  if (const auto dropped = drop_older(old); !dropped) return dropped.error();
  return gone;
}

Result<std::uint64_t> StoredLog::drop_older(const Droppable& old) {
  const Position end = end_;  // before the snapshot, which then has all that lies before it
  const auto snapshot = store_.snapshot();
  store::WriteBatch changes;
  std::uint64_t expired = 0;
  const TimeMs dropped_so_far = dropped_before_;
  TimeMs dropped_before = dropped_so_far;
  Position kept = end;  // first position of the oldest block that stays
  bool leading = true;
  IndexWalk walk(*snapshot, tables_.index, 0, kept);
  for (; walk.valid(); walk.next()) {
    const IndexEntry& entry = walk.entry();
    if (entry.max_ms >= old.before_ms || !old.may_go(entry)) {
      if (leading) kept = entry.first;
      leading = false;
      continue;
    }
    ++expired;
    dropped_before = std::max(dropped_before, entry.max_ms + 1);
    drop_block(changes, entry);
  }
  if (!walk.status()) return walk.status().error();
  if (expired == 0) return expired;
  put_log_end(changes, tables_.state, end_);
  put_dropped_before(changes, tables_.state, dropped_before);
  dropped_before_.store(dropped_before, std::memory_order_release);
  // Synced: what is dropped below is gone at once, and must not be named after a power cut.
  if (Status committed = store_.commit(changes, store::Sync::yes); !committed) {
    dropped_before_.store(dropped_so_far, std::memory_order_release);
    return std::move(committed).error();
  }
  if (kept <= begin_) return expired;
  // Readers on older snapshots learn from begin() why a block they know of is gone.
  begin_.store(kept, std::memory_order_release);
  if (Status dropped = store_.drop(tables_.blocks, "", block_key(kept)); !dropped) {
    return std::move(dropped).error();
  }
  return expired;
}

TimeMs StoredLog::kept_since(TimeMs now) const {
  const TimeMs dropped_before = dropped_before_.load(std::memory_order_acquire);
  if (options_.raw_retention_ms == kForever) return dropped_before;
  return std::max(dropped_before, now - options_.raw_retention_ms);
}

Result<Erased> StoredLog::erase(const std::vector<model::Filter>& filters, TimeMs from_ms,
                                TimeMs to_ms, Position first, Position before,
                                store::WriteBatch& changes) {
  const auto snapshot = store_.snapshot();
  NameReader source(*snapshot, tables_.names, name_cache_);
  Erased erased;
  int rewritten = 0;
  IndexWalk walk(*snapshot, tables_.index, first, before);
  for (; walk.valid() && rewritten < kEraseBlocks; walk.next()) {
    erased.next = std::min(walk.entry().end, before);
    if (!walk.entry().overlaps(from_ms, to_ms)) continue;
    KeptNames names(source, walk.entry().epoch);
    BlockReader reader(*snapshot, tables_.blocks, names);
    Block block;
    if (Status read = reader.read(walk.entry(), model::ColumnSet::all(), block); !read) {
      return std::move(read).error();
    }
    const Result<std::uint64_t> rows = erase_rows(filters, from_ms, to_ms, before, std::move(block),
                                                  walk.entry(), names, changes, erased);
    if (!rows) return rows.error();
    erased.rows += *rows;
    rewritten += *rows > 0 ? 1 : 0;
  }
  if (!walk.status()) return walk.status().error();
  if (!walk.valid()) erased.next = before;
  if (erased.rows > 0) forget_rows(changes);
  return erased;
}

void StoredLog::forget_rows(store::WriteBatch& changes) {
  recent_rows_.with([](RecentRows& recent) { recent.clear(); });
  put_log_end(changes, tables_.state, end_);
  // Names that the spine has in mind must not be written because of events that are gone.
  const std::lock_guard lock(names_mutex_);
  names_->end_epoch();
}

Result<std::uint64_t> StoredLog::erase_rows(const std::vector<model::Filter>& filters,
                                            TimeMs from_ms, TimeMs to_ms, Position before,
                                            Block block, const IndexEntry& entry, KeptNames& names,
                                            store::WriteBatch& changes, Erased& erased) {
  const std::vector<std::uint32_t> selected = model::select_rows(block.rows, filters);
  std::vector<std::uint32_t> kept;
  std::vector<Position> positions;
  auto next = selected.begin();
  IndexEntry left = entry;
  left.min_ms = std::numeric_limits<TimeMs>::max();
  left.max_ms = std::numeric_limits<TimeMs>::min();
  for (std::uint32_t row = 0; row < block.rows.rows(); ++row) {
    const TimeMs time = block.rows.time_ms[row];
    const bool matches = next != selected.end() && *next == row;
    if (matches) ++next;
    if (matches && time >= from_ms && time < to_ms && block.position(row) < before) {
      erased.from_ms = std::min(erased.from_ms, time);
      erased.to_ms = std::max(erased.to_ms, time);
      erased.signals += block.rows.is_execution(row) ? 0 : 1;
      continue;
    }
    kept.push_back(row);
    positions.push_back(block.position(row));
    left.min_ms = std::min(left.min_ms, time);
    left.max_ms = std::max(left.max_ms, time);
  }
  const std::uint64_t gone = block.rows.rows() - kept.size();
  if (gone == 0) return gone;
  drop_block(changes, entry);
  if (kept.empty()) return gone;
  model::ExecutionBatch rows;
  rows.append(block.rows, kept);
  const Result<std::string> bytes =
      rewriter_.encode({rows, 0, rows.rows(), entry.first, positions, entry.arrival_ms}, &names);
  if (!bytes) return bytes.error();
  left.rows = static_cast<std::uint32_t>(kept.size());
  left.signals = static_cast<std::uint32_t>(rows.signals(0, rows.rows()));
  left.bytes = bytes->size();
  put_block(changes, left, *bytes);
  return gone;
}

}  // namespace vitals::events
