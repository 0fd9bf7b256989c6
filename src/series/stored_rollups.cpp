#include "stored_rollups.h"

#include <limits>

namespace vitals::series {

model::ColumnSet columns_of_cells() {
  model::ColumnSet columns = model::ColumnSet::all();
  columns.ids = false;
  return columns;
}

Status StoredRollups::load() {
  const auto snapshot = store_.snapshot();
  const Result<Progress> progress = read_progress(*snapshot, storage_.state);
  if (!progress) return progress.error();
  if (Status loaded = table_.load(*snapshot); !loaded) return loaded;
  if (Status loaded = directory_.load(*snapshot, storage_.tables); !loaded) return loaded;
  publish(*progress);
  return {};
}

void StoredRollups::publish(const Progress& progress) {
  progress_ = progress;
  std::copy(progress.kept_since.begin(), progress.kept_since.end(), storage_.kept_since.begin());
  index_.with([this](auto& index) { index = table_.index(); });
  storage_.full_minutes = minutes() == Fullness::full && directory_.thin_chunks() == 0;
  const RollupStats stats{table_.index()->size() - 1, progress.overflow_events, directory_.chunks(),
                          directory_.bytes(), progress.watermark};
  stats_.with([&](RollupStats& now) { now = stats; });
  series_gauge_.set(static_cast<double>(stats.series));
  chunk_bytes_.set(static_cast<double>(stats.bytes));
}

CellPlan StoredRollups::plan() const {
  CellPlan plan;
  plan.minutes = minutes();
  plan.metrics = options_.metrics;
  for (std::size_t r = 0; r < plan.oldest.size(); ++r) {
    plan.oldest[r] = oldest_bucket(clock_.now_ms(), options_.retention_ms[r]);
  }
  return plan;
}

std::vector<NewChunk> StoredRollups::build(
    std::span<const std::shared_ptr<const model::ExecutionBatch>> batches, Progress& progress) {
  std::vector<std::vector<SeriesId>> ids;
  TimeMs oldest_event = std::numeric_limits<TimeMs>::max();
  for (const auto& batch : batches) {
    ids.push_back(table_.assign(*batch));
    progress.overflow_events += static_cast<std::uint64_t>(
        std::count(ids.back().begin(), ids.back().end(), kOverflowSeries));
    for (const TimeMs time : batch->time_ms) oldest_event = std::min(oldest_event, time);
  }
  index_.with([this](auto& index) { index = table_.index(); });
  CellPlan cells = plan();
  Days damaged;  // their day cells, if any, are better than their hours
  for (const Span& span : damaged_) {
    if (span.resolution == Resolution::hour) damaged.push_back(span.start);
  }
  open_days_of(batches, first_day_to_open(progress, cells.oldest[1]), damaged, progress.open_days);
  cells.open_days = progress.open_days;
  for (const Resolution resolution : kResolutions) {
    const auto r = static_cast<std::size_t>(resolution);
    const bool all_kept = bucket_start(oldest_event, length_ms(resolution)) >= cells.oldest[r];
    if (!all_kept) progress.raise_kept_since(r, cells.oldest[r]);
  }
  return build_cells(sort_events(batches, ids), cells, new_run(), writer_);
}

Status StoredRollups::fold(std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
                           std::uint64_t through) {
  if (through < progress_.watermark) {
    return Error{Errc::invalid_argument, "these events are in the cells already"};
  }
  Progress progress = progress_;
  progress.watermark = through;
  const std::vector<NewChunk> chunks = build(batches, progress);
  const bool first_overflow = progress.overflow_events > 0 && progress_.overflow_events == 0;
  store::WriteBatch changes;
  table_.save(changes);
  if (Status saved = replace({}, chunks, progress, std::move(changes)); !saved) return saved;
  table_.saved();
  if (first_overflow) {
    logger_->warn("the limit of {} series is reached: new label combinations are counted together",
                  options_.series_max);
  }
  return {};
}

Status StoredRollups::replace(const OldRuns& old, const std::vector<NewChunk>& chunks,
                              const Progress& progress, store::WriteBatch changes) {
  for (const auto& [span, run] : old) erase_run(changes, storage_.tables, span, run);
  for (const NewChunk& chunk : chunks) put_chunk(changes, storage_.tables, chunk);
  changes.put(storage_.state, kProgressKey, encode_progress(progress));
  // Unsynced: after a crash cells and progress go back together.
  if (Status saved = store_.commit(changes, store::Sync::no); !saved) return saved;
  for (const auto& [span, run] : old) directory_.remove_run(span, run.number);
  for (const NewChunk& chunk : chunks) directory_.add(chunk.key, chunk.entry);
  publish(progress);
  return {};
}

Result<std::unique_ptr<Rollups>> Rollups::open(store::Store& store, const Clock& clock,
                                               const Options& options, Logger logger,
                                               telemetry::Registry& telemetry) {
  Storage tables;
  if (Status opened = open_tables(store, tables); !opened) return std::move(opened).error();
  if (Status same = check_dimensions(store, tables.state, options.dimensions); !same) {
    return std::move(same).error();
  }
  auto rollups =
      std::make_unique<StoredRollups>(store, clock, options, std::move(logger), telemetry, tables);
  if (Status loaded = rollups->load(); !loaded) return std::move(loaded).error();
  return std::unique_ptr<Rollups>(std::move(rollups));
}

}  // namespace vitals::series
