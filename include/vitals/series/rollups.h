#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/metrics/cell.h>
#include <vitals/model/batch.h>
#include <vitals/series/resolution.h>
#include <vitals/series/series_index.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::series {

struct Options {
  std::vector<std::string> dimensions{"prompt", "version", "model", "environment"};
  std::uint32_t series_max = 100'000;
  /// How long each resolution is kept, by event time: minute, hour, day.
  std::array<DurationMs, 3> retention_ms{30LL * 86'400'000, 400LL * 86'400'000,
                                         std::numeric_limits<DurationMs>::max()};
  /// While raw events cover a minute its cell may be thin; 1-minute cells that outlive raw are
  /// full.
  DurationMs raw_retention_ms = 30 * kDayMs;
  metrics::Options metrics;
  /// Memory for what readers have unpacked: which cells chunks have, and their counts.
  std::uint64_t key_cache_bytes = 32ULL << 20;
};

struct RollupStats {
  std::uint64_t series = 0;           ///< label combinations, the overflow series left out
  std::uint64_t overflow_events = 0;  ///< that went to the overflow series
  std::uint64_t chunks = 0;
  std::uint64_t bytes = 0;
  std::uint64_t watermark = 0;  ///< log position up to which cells are saved
};

/// What of an event cells are made from.
model::ColumnSet columns_of_cells();

/// The rollup cells of every series at 1 minute, 1 hour and 1 day: a view of the event log with a
/// watermark (docs/formats/cell-chunk.md). Each fold appends partial cells of minutes and
/// hours, which queries and compaction merge, so late events and backfill need nothing special.
/// Days are made from hours when they have gone quiet; until then readers get their hours. One
/// thread (maintenance) folds, compacts and expires; readers use CellView.
class Rollups {
 public:
  /// The store must outlive the rollups. Errors: invalid_argument when the dimensions differ from
  /// those the data folder was made with.
  static Result<std::unique_ptr<Rollups>> open(store::Store& store, const Clock& clock,
                                               const Options& options, Logger logger,
                                               telemetry::Registry& telemetry);
  virtual ~Rollups() = default;

  /// Adds events of log positions [watermark(), through) and moves the watermark, in one commit.
  virtual Status fold(std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
                      std::uint64_t through) = 0;

  /// Events before this log position are in the cells. Thread-safe.
  virtual std::uint64_t watermark() const = 0;

  /// Adds to `changes` the note that cells of [from_ms, to_ms] no longer agree with the log.
  virtual void mark_dirty(store::WriteBatch& changes, TimeMs from_ms, TimeMs to_ms) = 0;

  /// Feeds all logged events with from_ms ≤ time < to_ms and position < before to the visitor.
  using Source = std::function<Status(
      TimeMs from_ms, TimeMs to_ms, std::uint64_t before,
      const std::function<Status(const model::ExecutionBatch&, std::span<const std::uint32_t>)>&)>;
  /// The first day with dirty cells, of those that begin at `from` or later.
  virtual Result<std::optional<TimeMs>> dirty_day(TimeMs from) const = 0;
  /// Recomputes the cells of a dirty day from the log, in one commit. One that begins before
  /// `raw_since`, from which on the log is whole, keeps the cells it has. To be called some time
  /// after committing a mark_dirty(), and after the start.
  virtual Status rebuild_day(TimeMs day, TimeMs raw_since, const Source& source) = 0;
  /// All dirty days, likewise. Passes over those that fail, which stay dirty; the first error.
  virtual Status rebuild_dirty(TimeMs raw_since, const Source& source) = 0;

  /// Merges partial cells of buckets that have many or have gone quiet, and makes the cells of days
  /// that have from their hours. Bounded work per call; 0 when nothing is left to do.
  virtual Result<std::uint64_t> compact() = 0;

  /// Makes the cells of all days whose hours have changed, those that are not quiet too.
  virtual Status make_days() = 0;

  /// Drops cells beyond retention; returns chunks removed.
  virtual Result<std::uint64_t> expire() = 0;

  /// Drops the oldest 1-minute cells, then the oldest 1-hour cells, until so many bytes of them are
  /// gone; none of spans that end after `before`. Returns the bytes.
  virtual Result<std::uint64_t> shed(std::uint64_t bytes, TimeMs before) = 0;

  /// No file holds any more what cells of [from_ms, to_ms] were before the call: as Store::purge(),
  /// whose answer it gives.
  virtual Result<bool> purge(TimeMs from_ms, TimeMs to_ms) = 0;

  /// Thread-safe.
  virtual std::shared_ptr<const SeriesIndex> index() const = 0;
  virtual RollupStats stats() const = 0;
  virtual const Options& options() const = 0;

  /// Where cells are kept, for CellView. Private to the room.
  struct Storage;
  virtual const Storage& storage() const = 0;
};

}  // namespace vitals::series
