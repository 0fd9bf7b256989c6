#include <algorithm>
#include <limits>

#include <vitals/series/cell_view.h>

#include "chunk_merge.h"
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
  constexpr DurationMs kDayMs = length_ms(Resolution::day);
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
      : view_(view), needs_(needs), wanted_(wanted) {}

  Status read(const CellStretch& stretch, const Target& target) override {
    const Rollups::Storage& storage = view_.rollups_.storage();
    const ChunkKey key{{stretch.stored, stretch.span_start}, stretch.run, stretch.part};
    const auto chunk = open_chunk(*view_.snapshot_, storage.tables, key, needs_, reader_, wanted_);
    if (!chunk && chunk.error().code == Errc::not_found) return missing(stretch, chunk.error());
    if (!chunk) return chunk.error();
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

  Status merge(const ChunkDecoder& chunk, const CellStretch& stretch, const Target& target) const {
    if (chunk.cells() > 0 && chunk.series(chunk.cells() - 1) >= view_.index_->size()) {
      return Error{Errc::corruption, "a chunk of cells names a series that is not known"};
    }
    for (std::size_t row = 0; row < chunk.cells(); ++row) {
      const SeriesId series = chunk.series(row);
      const TimeMs bucket = chunk.bucket(row);
      if (bucket < stretch.from_ms || bucket >= stretch.to_ms) continue;
      if (!wanted_.empty() && (series >= wanted_.size() || !wanted_[series])) continue;
      metrics::Cell* const into = target(series, bucket_start(bucket, stretch.bucket_ms));
      if (into == nullptr) continue;
      if (Status merged = chunk.merge(row, *into); !merged) return merged;
    }
    return {};
  }

  const CellView& view_;
  const metrics::Needs& needs_;
  const std::vector<bool>& wanted_;
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
      return &cell;
    });
    if (!read) return read;
    tell();
  }
  return {};
}

}  // namespace vitals::series
