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

/// One call of visit().
struct CellView::Visit {
  const metrics::Needs& needs;
  const std::vector<bool>& wanted;
  const Visitor& visitor;
  SeriesRange range;
  ColumnReader reader{};
  metrics::Cell cell{};
};

/// Cells as they lie in the store, told as those of buckets of `bucket_ms`.
struct CellView::Stretch {
  Resolution resolution;
  TimeMs from_ms;
  TimeMs to_ms;
  DurationMs bucket_ms;
  const Days* skipped = nullptr;  ///< spans that start at these times
};

Status CellView::visit(Resolution resolution, TimeMs from_ms, TimeMs to_ms,
                       const metrics::Needs& needs, const std::vector<bool>& wanted,
                       const Visitor& visitor) const {
  Visit visit{needs, wanted, visitor, range_of(wanted, index_->size())};
  if (visit.range.from > visit.range.to || from_ms >= to_ms) return {};
  const DurationMs length = length_ms(resolution);
  if (resolution != Resolution::day) return walk({resolution, from_ms, to_ms, length}, visit);

  const Result<Progress> progress = read_progress(*snapshot_, rollups_.storage().state);
  if (!progress) return progress.error();
  const Days& open = progress->open_days;
  if (Status seen = walk({resolution, from_ms, to_ms, length, &open}, visit); !seen) return seen;
  for (std::size_t i = 0; i < open.size();) {
    const TimeMs first = open[i];
    TimeMs end = first + length;
    while (++i < open.size() && open[i] == end) end += length;
    // Days that begin within the range, with all their hours.
    const TimeMs from = std::max(first, first_day_at_or_after(from_ms));
    const TimeMs to = std::min(end, first_day_at_or_after(to_ms));
    if (Status seen = walk({Resolution::hour, from, to, length}, visit); !seen) return seen;
  }
  return {};
}

Status CellView::walk(const Stretch& stretch, Visit& visit) const {
  const auto& [resolution, from_ms, to_ms, bucket_ms, skipped] = stretch;
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
        summary.first_series > visit.range.to || summary.last_series < visit.range.from) {
      continue;
    }
    if (!needs_of(summary.fullness).covers(visit.needs)) {
      return Error{Errc::unavailable, "the 1-minute cells do not carry this; ask again"};
    }
    const auto chunk = open_chunk(*snapshot_, storage.tables, *key, visit.needs, visit.reader);
    if (!chunk && chunk.error().code == Errc::not_found) {
      const auto kept_since = storage.kept_since[static_cast<std::size_t>(resolution)].load();
      const bool dropped = key->span.start < kept_since;
      // Of hours that stood for a day, the day may have been made and the hours dropped since.
      if (dropped && bucket_ms != length_ms(resolution)) {
        return Error{Errc::unavailable, "a day's cells have just been made; ask again"};
      }
      if (dropped) continue;
      return Error{Errc::corruption, chunk.error().message};
    }
    if (!chunk) return chunk.error();
    if (Status read = read_chunk(*chunk, stretch, visit); !read) return read;
  }
  return cursor->status();
}

Status CellView::read_chunk(const ChunkDecoder& chunk, const Stretch& stretch, Visit& visit) const {
  for (std::size_t row = 0; row < chunk.cells(); ++row) {
    const SeriesId series = chunk.series(row);
    const TimeMs bucket = chunk.bucket(row);
    if (bucket < stretch.from_ms || bucket >= stretch.to_ms) continue;
    if (series >= index_->size()) {
      return Error{Errc::corruption, "a chunk of cells names a series that is not known"};
    }
    const std::vector<bool>& wanted = visit.wanted;
    if (!wanted.empty() && (series >= wanted.size() || !wanted[series])) continue;
    if (Status read = chunk.read(row, visit.cell); !read) return read;
    visit.visitor(series, bucket_start(bucket, stretch.bucket_ms), visit.cell);
  }
  return {};
}

}  // namespace vitals::series
