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

/// Cells that lie together in the store, as readers of buckets of `bucket_ms` see them.
struct CellStretch {
  Resolution stored;  ///< cells of this resolution …
  TimeMs span_start;  ///< … in the chunk of this name
  std::uint64_t run;
  std::uint32_t part;
  TimeMs from_ms;  ///< those of buckets that start within these
  TimeMs to_ms;
  DurationMs bucket_ms;
  std::uint32_t cells;  ///< of the whole chunk
};

/// Reads stretches of cells of one view. Not thread-safe: one for each thread.
class CellScan {
 public:
  virtual ~CellScan() = default;

  /// Where partial cells of a series are to be merged into, null leaves them out, and until when:
  /// whatever of this series starts before then goes the same way.
  struct Into {
    metrics::Cell* cell;
    TimeMs until_ms;
  };
  /// Asked for the bucket that comes next. Several may come for one series and bucket, in any
  /// order.
  using Target = std::function<Into(SeriesId series, TimeMs bucket_start)>;
  /// Merges the cells of a stretch into cells made with the needs that the scan was made with.
  /// Errors: corruption, io; unavailable when a newer view must be taken.
  virtual Status read(const CellStretch& stretch, const Target& target) = 0;
};

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

  /// Half-open spans of whole UTC days whose cells do not agree with the log: until they have been
  /// made anew only raw events tell of them.
  struct Stale {
    TimeMs from_ms;
    TimeMs to_ms;
  };
  Result<std::vector<Stale>> stale() const;

  /// Where the cells with from_ms ≤ bucket start < to_ms of the wanted series lie. `wanted` has one
  /// entry per series id (index().size()); empty is all.
  Result<std::vector<CellStretch>> stretches(Resolution resolution, TimeMs from_ms, TimeMs to_ms,
                                             const std::vector<bool>& wanted) const;
  /// For reading them, and of them what `needs` names. Keeps references to both and to this view.
  std::unique_ptr<CellScan> scan(const metrics::Needs& needs,
                                 const std::vector<bool>& wanted) const;

  /// A partial cell. The reference is good during the call only.
  using Visitor =
      std::function<void(SeriesId series, TimeMs bucket_start, const metrics::Cell& cell)>;

  /// Visits all these cells one by one.
  Status visit(Resolution resolution, TimeMs from_ms, TimeMs to_ms, const metrics::Needs& needs,
               const std::vector<bool>& wanted, const Visitor& visitor) const;

 private:
  class Scan;
  struct Walk;
  Status walk(const Walk& walk, std::vector<CellStretch>& found) const;

  const Rollups& rollups_;
  std::shared_ptr<const store::Snapshot> snapshot_;
  std::shared_ptr<const SeriesIndex> index_;
};

}  // namespace vitals::series
