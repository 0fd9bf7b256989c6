#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/series/rollups.h>

#include "cell_builder.h"
#include "chunk_directory.h"
#include "dirty_days.h"
#include "series_table.h"
#include "storage.h"

namespace vitals::series {

/// The rollups of a store. Mind the threads of Rollups: index(), stats() and storage() are read by
/// any.
class StoredRollups final : public Rollups {
 public:
  StoredRollups(store::Store& store, const Clock& clock, const Options& options, Logger logger,
                telemetry::Registry& telemetry, const Storage& tables)
      : store_(store),
        clock_(clock),
        options_(options),
        logger_(std::move(logger)),
        storage_(options.key_cache_bytes),
        table_(tables.series, options.dimensions, options.series_max),
        series_gauge_(telemetry.gauge("vitals_series", "Label combinations that have cells.")),
        chunk_bytes_(telemetry.gauge("vitals_cell_bytes", "Bytes of cells on disk.")),
        compacted_(telemetry.counter("vitals_cell_chunks_merged_total", "Chunks merged.")),
        made_(telemetry.counter("vitals_cell_spans_made_total",
                                "Days whose cells were made from their hours.")) {
    storage_.tables = tables.tables;
    storage_.state = tables.state;
    storage_.series = tables.series;
    storage_.dirty = tables.dirty;
  }

  Status load();

  Status fold(std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
              std::uint64_t through) override;
  std::uint64_t watermark() const override {
    return stats_.with([](const RollupStats& stats) { return stats.watermark; });
  }
  void mark_dirty(store::WriteBatch& changes, TimeMs from_ms, TimeMs to_ms) override {
    mark_days(changes, storage_.dirty, from_ms, to_ms);
  }
  Result<std::optional<TimeMs>> dirty_day(TimeMs from) const override;
  Status rebuild_day(TimeMs day, TimeMs raw_since, const Source& source) override;
  Status rebuild_dirty(TimeMs raw_since, const Source& source) override;
  Result<std::uint64_t> compact() override;
  Status make_days() override;
  Result<std::uint64_t> expire() override;
  Result<std::uint64_t> shed(std::uint64_t bytes, TimeMs before) override;
  Result<bool> purge(TimeMs from_ms, TimeMs to_ms) override;
  std::shared_ptr<const SeriesIndex> index() const override {
    return index_.with([](const auto& index) { return index; });
  }
  RollupStats stats() const override {
    return stats_.with([](const RollupStats& stats) { return stats; });
  }
  const Options& options() const override { return options_; }
  const Storage& storage() const override { return storage_; }

 private:
  Fullness minutes() const {
    return options_.retention_ms[0] > options_.raw_retention_ms ? Fullness::full : Fullness::thin;
  }
  CellPlan plan() const;
  RunLabel new_run() { return {directory_.next_run(), 0, clock_.now_ms()}; }
  /// Cells of events as chunks; new series are published, so commit only after this. Notes in
  /// `progress` what went to the overflow series and what retention left out.
  std::vector<NewChunk> build(std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
                              Progress& progress);
  Result<std::vector<NewChunk>> recompute(TimeMs day, const Source& source, Progress& progress);
  using OldRuns = std::vector<std::pair<Span, Run>>;
  /// Commits chunks in the place of old ones, with what else is to change.
  Status replace(const OldRuns& old, const std::vector<NewChunk>& chunks, const Progress& progress,
                 store::WriteBatch changes = {});
  /// Day cells are still to be made from the hours of this day and later ones.
  TimeMs oldest_hours_needed() const;
  /// Drops the cells of spans that end by then; returns chunks removed.
  Result<std::uint64_t> drop_older(Resolution resolution, TimeMs oldest);
  std::vector<Run> runs_of(const Span& span) const;
  bool can_make(TimeMs day) const;
  /// Makes the day cells of an open day and closes it.
  Status make_day(TimeMs day);
  TimeMs first_day_to_open(const Progress& progress, TimeMs oldest_hour) const {
    return first_open_day(std::max(oldest_hour, progress.kept_since[1]));
  }
  /// A damaged span must not keep the others from being merged. Its day is recomputed from the log
  /// at the next rebuild_dirty().
  Status set_aside(const Span& span, const Error& error);
  void publish(const Progress& progress);

  store::Store& store_;
  const Clock& clock_;
  const Options options_;
  Logger logger_;
  Storage storage_;
  SeriesTable table_;
  ChunkDirectory directory_;
  std::set<Span> damaged_;  ///< not merged any more
  Progress progress_;
  ColumnWriter writer_;
  ColumnReader reader_;
  telemetry::Gauge& series_gauge_;
  telemetry::Gauge& chunk_bytes_;
  telemetry::Counter& compacted_;
  telemetry::Counter& made_;
  Guarded<std::shared_ptr<const SeriesIndex>> index_;
  Guarded<RollupStats> stats_;
};

}  // namespace vitals::series
