#include <algorithm>
#include <limits>

#include <vitals/base/clock.h>
#include <vitals/series/cell_view.h>

#include "chunk_merge.h"
#include "dirty_days.h"
#include "storage.h"

namespace vitals::series {
namespace {

/// The lowest and highest wanted series; from > to when none is.
struct SeriesRange {
  SeriesId from = 1;
  SeriesId to = 0;
};

SeriesRange range_of(const std::vector<bool>& wanted, std::size_t size) {
  if (wanted.empty()) return {0, static_cast<SeriesId>(size - 1)};
  const auto first = std::find(wanted.begin(), wanted.end(), true);
  if (first == wanted.end()) return {};
  const auto last = std::find(wanted.rbegin(), wanted.rend(), true);
  return {static_cast<SeriesId>(first - wanted.begin()),
          static_cast<SeriesId>(wanted.rend() - last - 1)};
}

/// For ends of a range, which may be the ends of time.
TimeMs first_day_at_or_after(TimeMs time) {
  if (time < std::numeric_limits<TimeMs>::min() + kDayMs) return time;
  if (time > std::numeric_limits<TimeMs>::max() - kDayMs) return time;
  return bucket_start(time + kDayMs - 1, kDayMs);
}

}  // namespace

CellView::CellView(const Rollups& rollups, std::shared_ptr<const store::Snapshot> snapshot)
    : rollups_(rollups), snapshot_(std::move(snapshot)), index_(rollups.index()) {}

Result<std::uint64_t> CellView::watermark() const {
  const Result<Progress> progress = read_progress(*snapshot_, rollups_.storage().state);
  if (!progress) return progress.error();
  return progress->watermark;
}

Result<std::vector<CellView::Stale>> CellView::stale() const {
  const auto days = marked_days(*snapshot_, rollups_.storage().dirty);
  if (!days) return days.error();
  std::vector<Stale> spans;
  for (const DayRange& range : *days) {
    spans.push_back({range.first, range.last + length_ms(Resolution::day)});
  }
  return spans;
}

bool CellView::carries(Resolution resolution, const metrics::Needs& needs) const {
  const bool full = resolution != Resolution::minute || rollups_.storage().full_minutes;
  return needs_of(full ? Fullness::full : Fullness::thin).covers(needs);
}

TimeMs CellView::oldest_kept(Resolution resolution, TimeMs now) const {
  const auto r = static_cast<std::size_t>(resolution);
  return std::max(oldest_bucket(now, rollups_.options().retention_ms[r]),
                  rollups_.storage().kept_since[r].load());
}

/// Cells as they lie in the store, told as those of buckets of `bucket_ms`.
struct CellView::Walk {
  Resolution resolution;
  TimeMs from_ms;
  TimeMs to_ms;
  DurationMs bucket_ms;
  SeriesRange range;
  const Days* skipped = nullptr;  ///< spans that start at these times
};

Result<std::vector<CellStretch>> CellView::stretches(Resolution resolution, TimeMs from_ms,
                                                     TimeMs to_ms,
                                                     const std::vector<bool>& wanted) const {
  std::vector<CellStretch> found;
  const SeriesRange range = range_of(wanted, index_->size());
  if (range.from > range.to || from_ms >= to_ms) return found;
  const DurationMs length = length_ms(resolution);
  if (resolution != Resolution::day) {
    if (Status seen = walk({resolution, from_ms, to_ms, length, range}, found); !seen) {
      return std::move(seen).error();
    }
    return found;
  }
  const Result<Progress> progress = read_progress(*snapshot_, rollups_.storage().state);
  if (!progress) return progress.error();
  const Days& open = progress->open_days;
  if (Status seen = walk({resolution, from_ms, to_ms, length, range, &open}, found); !seen) {
    return std::move(seen).error();
  }
  for (std::size_t i = 0; i < open.size();) {
    const TimeMs first = open[i];
    TimeMs end = first + length;
    while (++i < open.size() && open[i] == end) end += length;
    // Days that begin within the range, with all their hours.
    const TimeMs from = std::max(first, first_day_at_or_after(from_ms));
    const TimeMs to = std::min(end, first_day_at_or_after(to_ms));
    if (Status seen = walk({Resolution::hour, from, to, length, range}, found); !seen) {
      return std::move(seen).error();
    }
  }
  return found;
}

Status CellView::walk(const Walk& walk, std::vector<CellStretch>& found) const {
  const auto& [resolution, from_ms, to_ms, bucket_ms, range, skipped] = walk;
  if (from_ms >= to_ms) return {};
  const Rollups::Storage& storage = rollups_.storage();
  const TimeMs from = std::max(from_ms, std::numeric_limits<TimeMs>::min() / 2);
  const std::string begin = begin_of({resolution, bucket_start(from, span_ms(resolution))});
  const auto cursor = snapshot_->scan(storage.tables.directory, begin, end_of(resolution));
  for (; cursor->valid(); cursor->next()) {
    const Result<ChunkKey> key = decode_key(cursor->key());
    if (!key) return key.error();
    if (key->span.start >= to_ms) break;
    if (skipped != nullptr && contains(*skipped, key->span.start)) continue;
    const Result<ChunkEntry> entry = decode_entry(cursor->value());
    if (!entry) return entry.error();
    const ChunkSummary& summary = entry->summary;
    if (summary.first_bucket >= to_ms || summary.last_bucket < from_ms ||
        summary.first_series > range.to || summary.last_series < range.from) {
      continue;
    }
    found.push_back({resolution, key->span.start, key->run, key->part, from_ms, to_ms, bucket_ms,
                     summary.cells});
  }
  return cursor->status();
}

class CellView::Scan final : public CellScan {
 public:
  Scan(const CellView& view, const metrics::Needs& needs, const std::vector<bool>& wanted)
      : view_(view), needs_(needs), all_(wanted.empty()) {
    for (SeriesId id = 0; id < wanted.size(); ++id) {
      if (wanted[id]) wanted_.push_back(id);
    }
  }

  Status read(const CellStretch& stretch, const Target& target) override {
    const Rollups::Storage& storage = view_.rollups_.storage();
    const ChunkKey key{{stretch.stored, stretch.span_start}, stretch.run, stretch.part};
    std::shared_ptr<const ChunkKeys> keys = storage.keys.find(key);
    if (keys != nullptr && none_wanted(*keys)) return {};
    const bool known = keys != nullptr;
    Result<ChunkDecoder> chunk =
        known && needs_ == metrics::Needs{}
            ? ChunkDecoder(std::move(keys))
            : open_chunk(*view_.snapshot_, storage.tables, key, needs_, reader_, std::move(keys));
    if (!chunk && chunk.error().code == Errc::not_found) return missing(stretch, chunk.error());
    if (!chunk) return chunk.error();
    if (!known) storage.keys.keep(key, chunk->keys());
    if (!needs_of(chunk->fullness()).covers(needs_)) {
      return Error{Errc::unavailable, "the 1-minute cells do not carry this; ask again"};
    }
    return merge(*chunk, stretch, target);
  }

 private:
  Status missing(const CellStretch& stretch, const Error& error) const {
    const auto r = static_cast<std::size_t>(stretch.stored);
    const bool dropped = stretch.span_start < view_.rollups_.storage().kept_since[r].load();
    // Of hours that stood for a day, the day may have been made and the hours dropped since.
    if (dropped && stretch.bucket_ms != length_ms(stretch.stored)) {
      return Error{Errc::unavailable, "a day's cells have just been made; ask again"};
    }
    if (dropped) return {};
    return Error{Errc::corruption, error.message};
  }

  /// The first row at or after this one that is wanted; `next` is the place among those wanted.
  std::size_t next_wanted(const ChunkKeys& keys, std::size_t row, std::size_t& next) const {
    if (all_) return row;
    while (row < keys.cells()) {
      const auto from = wanted_.begin() + static_cast<std::ptrdiff_t>(next);
      const auto found = std::lower_bound(from, wanted_.end(), keys.series(row));
      if (found == wanted_.end()) return keys.cells();
      next = static_cast<std::size_t>(found - wanted_.begin());
      if (*found == keys.series(row)) return row;
      row = keys.find(row, *found);
    }
    return row;
  }
  bool none_wanted(const ChunkKeys& keys) const {
    std::size_t next = 0;
    return next_wanted(keys, 0, next) == keys.cells();
  }

  Status merge(const ChunkDecoder& chunk, const CellStretch& stretch, const Target& target) const {
    const ChunkKeys& keys = *chunk.keys();
    if (keys.cells() > 0 && keys.series(keys.cells() - 1) >= view_.index_->size()) {
      return Error{Errc::corruption, "a chunk of cells names a series that is not known"};
    }
    std::size_t next = 0;
    for (std::size_t row = next_wanted(keys, 0, next); row < keys.cells();) {
      const std::size_t end = keys.end_of_series(row);
      if (Status merged = merge_series(chunk, row, end, stretch, target); !merged) return merged;
      row = next_wanted(keys, end, next);
    }
    return {};
  }

  /// Rows [row, end), which are of one series.
  static Status merge_series(const ChunkDecoder& chunk, std::size_t row, std::size_t end,
                             const CellStretch& stretch, const Target& target) {
    const ChunkKeys& keys = *chunk.keys();
    row = keys.find_time(row, end, stretch.from_ms);
    while (row < end && keys.bucket(row) < stretch.to_ms) {
      const TimeMs told = bucket_start(keys.bucket(row), stretch.bucket_ms);
      const Into into = target(keys.series(row), told);
      // What is told as starting before a time starts before the bucket that begins there or next.
      const TimeMs until = bucket_start(into.until_ms - 1, stretch.bucket_ms) + stretch.bucket_ms;
      const std::size_t first = row;
      row = keys.find_time(row + 1, end, std::min(until, stretch.to_ms));
      if (into.cell == nullptr) continue;
      if (Status merged = chunk.merge(first, row, *into.cell); !merged) return merged;
    }
    return {};
  }

  const CellView& view_;
  const metrics::Needs& needs_;
  const bool all_;
  std::vector<SeriesId> wanted_;  ///< ascending, unless all are
  ColumnReader reader_;
};

std::unique_ptr<CellScan> CellView::scan(const metrics::Needs& needs,
                                         const std::vector<bool>& wanted) const {
  return std::make_unique<Scan>(*this, needs, wanted);
}

Status CellView::visit(Resolution resolution, TimeMs from_ms, TimeMs to_ms,
                       const metrics::Needs& needs, const std::vector<bool>& wanted,
                       const Visitor& visitor) const {
  const auto found = stretches(resolution, from_ms, to_ms, wanted);
  if (!found) return found.error();
  Scan scan(*this, needs, wanted);
  metrics::Cell cell;
  SeriesId series = 0;
  TimeMs bucket = 0;
  bool any = false;
  const auto tell = [&] {
    if (any) visitor(series, bucket, cell);
    any = false;
  };
  for (const CellStretch& stretch : *found) {
    Status read = scan.read(stretch, [&](SeriesId next_series, TimeMs next_bucket) {
      tell();
      cell = metrics::Cell(needs);
      series = next_series;
      bucket = next_bucket;
      any = true;
      return CellScan::Into{&cell, next_bucket};  // each by itself
    });
    if (!read) return read;
    tell();
  }
  return {};
}

}  // namespace vitals::series
