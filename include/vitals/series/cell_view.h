#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/metrics/cell.h>
#include <vitals/series/resolution.h>
#include <vitals/series/rollups.h>
#include <vitals/series/series_index.h>
#include <vitals/store/store.h>

namespace vitals::series {

class ChunkDecoder;

/// Reading cells on one snapshot. Thread-safe.
class CellView {
 public:
  CellView(const Rollups& rollups, std::shared_ptr<const store::Snapshot> snapshot);

  /// Log position this snapshot's cells include; later events must come from the log.
  Result<std::uint64_t> watermark() const;

  /// Names the series of visited cells.
  const SeriesIndex& index() const { return *index_; }

  /// Whether cells of this resolution can serve these needs (1-minute cells may be thin).
  bool carries(Resolution resolution, const metrics::Needs& needs) const;

  /// Cells of buckets that start before may have been dropped, or never written, at this
  /// resolution: `now` less retention, or later where that was shorter once.
  TimeMs oldest_kept(Resolution resolution, TimeMs now) const;

  /// A partial cell: several may come for one series and bucket, in any order; merge them.
  /// The reference is good during the call only.
  using Visitor =
      std::function<void(SeriesId series, TimeMs bucket_start, const metrics::Cell& cell)>;

  /// Visits cells with from_ms ≤ bucket start < to_ms of the wanted series, reading only what
  /// `needs` names. `wanted` has one entry per series id (index().size()); empty is all.
  Status visit(Resolution resolution, TimeMs from_ms, TimeMs to_ms, const metrics::Needs& needs,
               const std::vector<bool>& wanted, const Visitor& visitor) const;

 private:
  struct Visit;
  struct Stretch;
  Status walk(const Stretch& stretch, Visit& visit) const;
  Status read_chunk(const ChunkDecoder& chunk, const Stretch& stretch, Visit& visit) const;

  const Rollups& rollups_;
  std::shared_ptr<const store::Snapshot> snapshot_;
  std::shared_ptr<const SeriesIndex> index_;
};

}  // namespace vitals::series
