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

/// Cells of [from_ms, to_ms) as they lie in the store, told as those of coarser buckets.
struct CellView::Walk {
  Resolution resolution;
  TimeMs from_ms;
  TimeMs to_ms;
  DurationMs bucket_ms;
  const Days* skipped = nullptr;  ///< spans that start at these times
};

Status CellView::visit(Resolution resolution, TimeMs from_ms, TimeMs to_ms,
                       const metrics::Needs& needs, const std::vector<bool>& wanted,
                       const Visitor& visitor) const {
  const DurationMs length = length_ms(resolution);
  if (resolution != Resolution::day) {
    return walk({resolution, from_ms, to_ms, length}, needs, wanted, visitor);
  }
  const Result<Progress> progress = read_progress(*snapshot_, rollups_.storage().state);
  if (!progress) return progress.error();
  const Days& open = progress->open_days;
  const Walk closed{resolution, from_ms, to_ms, length, &open};
  if (Status seen = walk(closed, needs, wanted, visitor); !seen) return seen;
  for (const TimeMs day : open) {
    if (day < from_ms || day >= to_ms) continue;
    const Walk hours{Resolution::hour, day, day + length, length};
    if (Status seen = walk(hours, needs, wanted, visitor); !seen) return seen;
  }
  return {};
}

Status CellView::walk(const Walk& walk, const metrics::Needs& needs,
                      const std::vector<bool>& wanted, const Visitor& visitor) const {
  const auto& [resolution, from_ms, to_ms, bucket_ms, skipped] = walk;
  const SeriesRange range = range_of(wanted, index_->size());
  if (range.from > range.to || from_ms >= to_ms) return {};
  const Rollups::Storage& storage = rollups_.storage();
  const TimeMs from = std::max(from_ms, std::numeric_limits<TimeMs>::min() / 2);
  const std::string begin = begin_of({resolution, bucket_start(from, span_ms(resolution))});
  ColumnReader reader;
  metrics::Cell cell;
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
    if (!needs_of(summary.fullness).covers(needs)) {
      return Error{Errc::unavailable, "the 1-minute cells do not carry this; ask again"};
    }
    const auto chunk = open_chunk(*snapshot_, storage.tables, *key, needs, reader);
    if (!chunk) {
      const auto kept_since = storage.kept_since[static_cast<std::size_t>(resolution)].load();
      if (chunk.error().code == Errc::not_found && key->span.start < kept_since) continue;
      return chunk.error().code == Errc::not_found ? Error{Errc::corruption, chunk.error().message}
                                                   : chunk.error();
    }
    for (std::size_t row = 0; row < chunk->cells(); ++row) {
      const SeriesId series = chunk->series(row);
      const TimeMs bucket = chunk->bucket(row);
      if (bucket < from_ms || bucket >= to_ms) continue;
      if (series >= index_->size()) {
        return Error{Errc::corruption, "a chunk of cells names a series that is not known"};
      }
      if (!wanted.empty() && (series >= wanted.size() || !wanted[series])) continue;
      if (Status read = chunk->read(row, cell); !read) return read;
      visitor(series, bucket_start(bucket, bucket_ms), cell);
    }
  }
  return cursor->status();
}

}  // namespace vitals::series
