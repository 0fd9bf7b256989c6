#include "stored_log.h"

#include <algorithm>
#include <limits>

namespace vitals::events {
namespace {

/// A block much larger than this many bytes in memory is several.
constexpr std::size_t kBlockMemoryMax = 16ULL << 20U;

/// Of names that were read lately.
constexpr std::size_t kNameCacheBytes = 32ULL << 20U;

std::size_t rows_per_block(const model::ExecutionBatch& rows, std::uint32_t block_rows) {
  const std::size_t row_bytes = rows.memory_bytes() / rows.rows() + 1;
  const std::size_t most = std::min<std::size_t>(2 * std::size_t{block_rows}, kBlockRowsMax);
  return std::clamp<std::size_t>(kBlockMemoryMax / row_bytes, 1, std::max<std::size_t>(most, 1));
}

Status check(const std::vector<model::ExecutionBatch>& batches) {
  for (const model::ExecutionBatch& batch : batches) {
    if (batch.ids.size() != batch.rows() || batch.outcome.size() != batch.rows()) {
      return Error{Errc::invalid_argument, "events: a batch lacks ids or outcomes"};
    }
  }
  return {};
}

/// The new rows of all batches as one; a batch that is alone, or first, is moved, not copied.
model::ExecutionBatch gather(std::vector<model::ExecutionBatch>& batches,
                             const std::vector<std::vector<std::uint32_t>>& fresh) {
  model::ExecutionBatch rows;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (fresh[i].empty()) continue;
    if (rows.empty() && fresh[i].size() == batches[i].rows()) {
      rows = std::move(batches[i]);
    } else {
      rows.append(batches[i], fresh[i]);
    }
  }
  return rows;
}

}  // namespace

StoredLog::StoredLog(store::Store& store, const Clock& clock, const Options& options, Logger logger,
                     telemetry::Registry& telemetry, const Tables& tables)
    : store_(store),
      clock_(clock),
      options_(options),
      logger_(std::move(logger)),
      tables_(tables),
      recent_(RecentPositions(options.dedup_age_ms)),
      name_cache_(kNameCacheBytes),
      accepted_(telemetry.counter("vitals_events_total", "Events by what became of them.",
                                  {{"result", "accepted"}})),
      duplicates_(telemetry.counter("vitals_events_total", "Events by what became of them.",
                                    {{"result", "duplicate"}})),
      commit_seconds_(telemetry.histogram("vitals_commit_seconds",
                                          "Time of one synced group commit.",
                                          telemetry::duration_bounds())) {}

DedupScope StoredLog::dedup_scope() const {
  const Position end = end_;
  const std::int64_t now_us = clock_.monotonic_us();
  const Position recent =
      recent_.with([&](const auto& positions) { return positions.first(end, now_us); });
  return {store_, tables_, end > options_.dedup_ids_max ? end - options_.dedup_ids_max : 0,
          clock_.now_ms() - options_.dedup_age_ms, recent};
}

Result<Appended> StoredLog::append(std::vector<model::ExecutionBatch> batches) {
  if (Status whole = check(batches); !whole) return std::move(whole).error();
  learn_ids();
  const DedupScope scope = dedup_scope();
  window_.forget(scope.first, scope.recent, scope.arrived_since_ms);
  const IdHashes hashes(batches);
  const auto fresh = find_new_rows(batches, hashes, window_, scope);
  if (!fresh) return fresh.error();

  Appended appended;
  std::uint64_t accepted_executions = 0, duplicate_executions = 0;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const auto accepted = static_cast<std::uint32_t>((*fresh)[i].size());
    const auto rows = static_cast<std::uint32_t>(batches[i].rows());
    appended.outcomes.push_back({accepted, rows - accepted});
    if (!batches[i].kinds.empty()) continue;
    accepted_executions += accepted;
    duplicate_executions += rows - accepted;
  }
  appended.first = end_;
  auto rows = std::make_shared<model::ExecutionBatch>(gather(batches, *fresh));
  if (!rows->empty()) {
    const TimeMs now = clock_.now_ms();
    if (Status done = commit_rows(*rows, appended.first, now); !done) {
      return std::move(done).error();
    }
    remember(*fresh, hashes, appended.first, now);
    end_.store(appended.first + rows->rows(), std::memory_order_release);
    recent_rows_.with([&](RecentRows& recent) { recent.add(appended.first, rows); });
    appended.rows = std::move(rows);
  }
  accepted_.add(accepted_executions);
  duplicates_.add(duplicate_executions);
  return appended;
}

std::vector<Lead> StoredLog::suspect(std::span<const std::string_view> ids) {
  learn_ids();
  std::vector<Lead> leads;
  std::vector<IdWindow::Range> ranges;
  for (std::uint32_t id = 0; id < ids.size(); ++id) {
    ranges.clear();
    window_.find(hash_of_id(ids[id]), ranges);
    for (const IdWindow::Range& range : ranges) leads.push_back({range.begin, range.end, id});
  }
  return leads;
}

std::shared_ptr<const model::ExecutionBatch> StoredLog::take_recent(Position first) {
  return recent_rows_.with([first](RecentRows& recent) { return recent.take(first); });
}

Status StoredLog::commit_rows(const model::ExecutionBatch& rows, Position first, TimeMs now) {
  store::WriteBatch changes;
  // A commit that failed may still come to light after a crash: whatever it wrote is taken back
  // by the next one that succeeds, so that its positions mean one thing only.
  for (const Position unsure : unsure_) erase_block(changes, unsure);
  const std::lock_guard lock(names_mutex_);
  Result<std::vector<Position>> written = put_rows(rows, first, now, changes);
  const std::int64_t start_us = clock_.monotonic_us();
  Status committed = written ? store_.commit(changes, store::Sync::yes) : Status(written.error());
  if (!committed) {
    // Nor are its names known to the store.
    names_->end_epoch();
    if (written) unsure_.insert(unsure_.end(), written->begin(), written->end());
    std::sort(unsure_.begin(), unsure_.end());
    unsure_.erase(std::unique(unsure_.begin(), unsure_.end()), unsure_.end());
    return committed;
  }
  commit_seconds_.observe(static_cast<double>(clock_.monotonic_us() - start_us) / 1e6);
  unsure_.clear();
  return {};
}

Result<std::vector<Position>> StoredLog::put_rows(const model::ExecutionBatch& rows, Position first,
                                                  TimeMs now, store::WriteBatch& changes) {
  std::vector<Position> written;
  const std::size_t step = rows_per_block(rows, options_.block_rows);
  for (std::size_t begin = 0; begin < rows.rows(); begin += step) {
    const std::size_t end = std::min(begin + step, rows.rows());
    const BlockSource source{rows, begin, end, first + begin, {}, now};
    names_->begin_block(end - begin, now);
    const Result<std::string> bytes = encoder_.encode(source, &*names_);
    if (!bytes) return bytes.error();
    if (Status named = names_->write(changes, tables_.names); !named) {
      return std::move(named).error();
    }
    const auto [min, max] =
        std::minmax_element(rows.time_ms.begin() + static_cast<std::ptrdiff_t>(begin),
                            rows.time_ms.begin() + static_cast<std::ptrdiff_t>(end));
    put_block(
        changes,
        {source.first, first + end, static_cast<std::uint32_t>(end - begin), *min, *max, now,
         bytes->size(), names_->epoch(), static_cast<std::uint32_t>(rows.signals(begin, end))},
        *bytes);
    written.push_back(source.first);
  }
  return written;
}

void StoredLog::remember(const std::vector<std::vector<std::uint32_t>>& fresh,
                         const IdHashes& hashes, Position first, TimeMs now) {
  recent_.with([&](RecentPositions& recent) { recent.add(first, clock_.monotonic_us()); });
  for (std::size_t batch = 0; batch < fresh.size(); ++batch) {
    for (const std::uint32_t row : fresh[batch]) window_.add(hashes.of[batch][row], first++, now);
  }
  dedup_ids_ = window_.ids();
}

void StoredLog::put_block(store::WriteBatch& changes, const IndexEntry& entry,
                          std::string_view bytes) const {
  changes.put(tables_.blocks, block_key(entry.first), bytes);
  changes.put(tables_.index, block_key(entry.first), encode(entry));
}

void StoredLog::erase_block(store::WriteBatch& changes, Position first) const {
  changes.erase(tables_.blocks, block_key(first));
  changes.erase(tables_.index, block_key(first));
}

void StoredLog::drop_block(store::WriteBatch& changes, const IndexEntry& entry) const {
  erase_block(changes, entry.first);
  if (entry.epoch != 0) put_unused_names(changes, tables_.state, entry.epoch);
}

LogStats StoredLog::stats() const {
  LogStats stats;
  const DedupScope scope = dedup_scope();
  stats.end = end_;
  stats.dedup_ids = std::min(dedup_ids_.load(), options_.dedup_ids_max);
  stats.dedup_since_ms = scope.arrived_since_ms;
  const auto snapshot = store_.snapshot();
  IndexWalk walk(*snapshot, tables_.index, 0, std::numeric_limits<Position>::max());
  for (; walk.valid(); walk.next()) {
    const IndexEntry& entry = walk.entry();
    stats.events += entry.rows - entry.signals;
    stats.signals += entry.signals;
    stats.blocks += 1;
    stats.bytes += entry.bytes;
    if (entry.first < scope.first) {
      stats.dedup_since_ms = std::max(stats.dedup_since_ms, entry.arrival_ms + 1);
    }
  }
  if (!walk.status()) logger_->error("events: statistics: {}", walk.status().error().message);
  return stats;
}

}  // namespace vitals::events
