#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <vitals/base/hash.h>

#include "block_reader.h"
#include "stored_log.h"

namespace vitals::events {

namespace {

Result<std::unique_ptr<StoredLog>> make(store::Store& store, const Clock& clock,
                                        const Options& options, Logger logger,
                                        telemetry::Registry& telemetry) {
  if (options.block_rows == 0 || options.dedup_age_ms < 0 || options.raw_retention_ms <= 0) {
    return Error{Errc::invalid_argument,
                 "events: block_rows, retention or dedup age is not positive"};
  }
  EventLog::Tables tables;
  for (const auto& [name, table] :
       {std::pair{"event_blocks", &tables.blocks}, std::pair{"event_index", &tables.index},
        std::pair{"event_state", &tables.state}, std::pair{"event_names", &tables.names}}) {
    const Result<store::Table> made = store.table(name);
    if (!made) return made.error();
    *table = *made;
  }
  return std::make_unique<StoredLog>(store, clock, options, std::move(logger), telemetry, tables);
}

}  // namespace

Result<std::unique_ptr<EventLog>> EventLog::open(store::Store& store, const Clock& clock,
                                                 const Options& options, Logger logger,
                                                 telemetry::Registry& telemetry) {
  auto log = make(store, clock, options, std::move(logger), telemetry);
  if (!log) return std::move(log).error();
  if (Status loaded = (*log)->load(); !loaded) return std::move(loaded).error();
  return std::unique_ptr<EventLog>(*std::move(log));
}

Result<std::unique_ptr<EventLog>> EventLog::open_unchecked(store::Store& store, const Clock& clock,
                                                           const Options& options, Logger logger,
                                                           telemetry::Registry& telemetry) {
  auto log = make(store, clock, options, std::move(logger), telemetry);
  if (!log) return std::move(log).error();
  if (Status loaded = (*log)->load_state(); !loaded) return std::move(loaded).error();
  return std::unique_ptr<EventLog>(*std::move(log));
}

Status StoredLog::load_state() {
  const auto snapshot = store_.snapshot();
  const Result<Position> end = log_end(*snapshot, tables_.index, tables_.state);
  if (!end) return end.error();
  end_ = *end;
  const Result<TimeMs> dropped = dropped_before(*snapshot, tables_.state);
  if (!dropped) return dropped.error();
  dropped_before_ = *dropped;
  return {};
}

Status StoredLog::load() {
  Result<std::vector<IndexEntry>> entries = read_index();
  if (!entries) return std::move(entries).error();
  if (Status loaded = load_state(); !loaded) return loaded;
  const Result<std::uint64_t> epoch = new_epoch(*entries);
  if (!epoch) return epoch.error();
  names_.emplace(options_.names, *epoch);
  if (Status marked = mark_last_names(*epoch - 1); !marked) return marked;
  if (Status cut = cut_damaged_tail(*entries); !cut) return cut;
  begin_ = entries->empty() ? end_.load() : entries->front().first;
  note_arrivals(*entries);
  return {};
}

Result<std::vector<IndexEntry>> StoredLog::read_index() const {
  const auto snapshot = store_.snapshot();
  std::vector<IndexEntry> entries;
  IndexWalk walk(*snapshot, tables_.index, 0, std::numeric_limits<Position>::max());
  for (; walk.valid(); walk.next()) {
    if (!entries.empty() && walk.entry().first < entries.back().end) {
      return Error{Errc::corruption, "event index: blocks " + std::to_string(entries.back().first) +
                                         " and " + std::to_string(walk.entry().first) + " overlap"};
    }
    entries.push_back(walk.entry());
  }
  if (!walk.status()) return walk.status().error();
  return entries;
}

Result<std::uint64_t> StoredLog::new_epoch(const std::vector<IndexEntry>& entries) const {
  std::uint64_t last = 0;
  for (const IndexEntry& entry : entries) last = std::max(last, entry.epoch);
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(tables_.names, "", "", store::Direction::backward);
  if (cursor->valid()) last = std::max(last, epoch_of(cursor->key()));
  if (Status status = cursor->status(); !status) return std::move(status).error();
  return last + 1;
}

/// They may be of a commit that was refused, whose bytes were whole in the store's log.
Status StoredLog::mark_last_names(std::uint64_t epoch) {
  if (epoch == 0) return {};
  store::WriteBatch changes;
  put_unused_names(changes, tables_.state, epoch);
  return store_.commit(changes, store::Sync::no);
}

Status StoredLog::cut_damaged_tail(std::vector<IndexEntry>& entries) {
  const auto snapshot = store_.snapshot();
  AnyName names;
  BlockReader reader(*snapshot, tables_.blocks, names);
  store::WriteBatch changes;
  std::uint64_t rows = 0;
  while (!entries.empty()) {
    Block block;
    const IndexEntry& newest = entries.back();
    Status read = reader.read(newest, model::ColumnSet::all(), block);
    if (read) break;
    if (read.error().code != Errc::corruption) return read;
    logger_->warn("events: the newest block is damaged and is cut off: {}", read.error().message);
    rows += newest.rows;
    drop_block(changes, newest);
    entries.pop_back();
  }
  if (changes.empty()) return {};
  // The positions that were cut are not given again: views may have seen them.
  put_log_end(changes, tables_.state, end_);
  logger_->warn("events: the log was cut back by {} events to position {}", rows,
                entries.empty() ? 0 : entries.back().end);
  return store_.commit(changes, store::Sync::yes);
}

void StoredLog::note_arrivals(const std::vector<IndexEntry>& entries) {
  const DedupScope scope = dedup_scope();
  const TimeMs now = clock_.now_ms();
  const std::int64_t now_us = clock_.monotonic_us();
  for (const IndexEntry& entry : entries) {
    if (!scope.covers(entry)) continue;
    const DurationMs age_ms = std::max<DurationMs>(now - entry.arrival_ms, 0);
    recent_.with([&](auto& recent) { recent.add(entry.first, now_us - age_ms * 1000); });
  }
}

void StoredLog::learn_ids() {
  if (std::exchange(ids_learned_, true)) return;
  const auto snapshot = store_.snapshot();
  AnyName names;
  BlockReader reader(*snapshot, tables_.blocks, names);
  const DedupScope scope = dedup_scope();
  model::ColumnSet columns;
  columns.ids = true;
  Block block;
  IndexWalk walk(*snapshot, tables_.index, scope.first, std::numeric_limits<Position>::max());
  for (; walk.valid(); walk.next()) {
    const IndexEntry& entry = walk.entry();
    if (!scope.covers(entry)) continue;
    const Status read = reader.read(entry, columns, block);
    if (read) {
      learn_ids_of(block, entry.arrival_ms);
    } else if (entry.first >= begin_) {  // else it has just expired
      logger_->error("events: the ids of a damaged block are not recognised any more: {}",
                     read.error().message);
    }
  }
  if (!walk.status()) {
    logger_->error("events: not all ids are recognised: {}", walk.status().error().message);
  }
  dedup_ids_ = window_.ids();
}

void StoredLog::learn_ids_of(const Block& block, TimeMs arrival_ms) {
  constexpr std::size_t kAhead = 16;  // the window is much larger than the processor's caches
  std::vector<std::uint64_t> hashes(block.rows.rows());
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    hashes[row] = hash_of_id(block.rows.ids.at(row));
  }
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    if (row + kAhead < hashes.size()) window_.prefetch_add(hashes[row + kAhead]);
    window_.add(hashes[row], block.position(row), arrival_ms);
  }
}

}  // namespace vitals::events
