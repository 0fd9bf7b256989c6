#include <algorithm>
#include <limits>
#include <set>

#include <vitals/base/guarded.h>
#include <vitals/base/time_text.h>
#include <vitals/model/filter.h>
#include <vitals/series/rollups.h>

#include "bytes.h"
#include "cell_builder.h"
#include "chunk_merge.h"
#include "dirty_days.h"
#include "series_table.h"
#include "storage.h"

namespace vitals::series {
namespace {

constexpr DurationMs kDayMs = length_ms(Resolution::day);
/// Events of a day that are rebuilt together, so that a busy day fits in memory.
constexpr std::size_t kRebuildRows = 65'536;

using Batches = std::vector<std::shared_ptr<const model::ExecutionBatch>>;

class StoredRollups final : public Rollups {
 public:
  StoredRollups(store::Store& store, const Clock& clock, const Options& options, Logger logger,
                telemetry::Registry& telemetry, const Storage& tables)
      : store_(store),
        clock_(clock),
        options_(options),
        logger_(std::move(logger)),
        table_(tables.series, options.dimensions, options.series_max),
        series_gauge_(telemetry.gauge("vitals_series", "Label combinations that have cells.")),
        chunk_bytes_(telemetry.gauge("vitals_cell_bytes", "Bytes of cells on disk.")),
        compacted_(telemetry.counter("vitals_cell_chunks_merged_total", "Chunks merged.")) {
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
  Status rebuild_dirty(TimeMs raw_since, const Source& source) override;
  Result<std::uint64_t> compact() override;
  Result<std::uint64_t> expire() override;
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
  Status rebuild_day(const DayRange& range, TimeMs raw_since, const Source& source);
  Result<std::vector<NewChunk>> recompute(TimeMs day, const Source& source, Progress& progress);
  using OldRuns = std::vector<std::pair<Span, Run>>;
  Status replace(const OldRuns& old, const std::vector<NewChunk>& chunks, const Progress& progress,
                 store::WriteBatch changes = {});
  /// Makes the day cells of an open day.
  Result<std::uint64_t> close(TimeMs day);
  TimeMs first_day_to_open(const Progress& progress, TimeMs oldest_hour) const {
    return first_open_day(std::max(oldest_hour, progress.kept_since[1]));
  }
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
  Guarded<std::shared_ptr<const SeriesIndex>> index_;
  Guarded<RollupStats> stats_;
};

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
  open_days_of(batches, first_day_to_open(progress, cells.oldest[1]), progress.open_days);
  cells.open_days = progress.open_days;
  for (const Resolution resolution : kResolutions) {
    const auto r = static_cast<std::size_t>(resolution);
    const bool all_kept = bucket_start(oldest_event, length_ms(resolution)) >= cells.oldest[r];
    if (!all_kept) progress.raise_kept_since(r, cells.oldest[r]);
  }
  return build_cells(batches, ids, cells, new_run(), writer_);
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

Result<std::uint64_t> StoredRollups::close(TimeMs day) {
  const Span hours{Resolution::hour, day}, target{Resolution::day, day};
  std::vector<NewChunk> chunks;
  const std::vector<Run>* from = directory_.runs(hours);
  if (from != nullptr && day >= plan().oldest[2]) {
    auto merged = merge_runs(*store_.snapshot(), storage_.tables, hours, *from, target, new_run(),
                             writer_, reader_);
    if (!merged) {
      if (Status noted = set_aside(hours, merged.error()); !noted) return std::move(noted).error();
      return std::uint64_t{1};
    }
    chunks = std::move(*merged);
  }
  OldRuns old;
  if (const std::vector<Run>* runs = directory_.runs(target)) {
    for (const Run& run : *runs) old.emplace_back(target, run);
  }
  Progress progress = progress_;
  std::erase(progress.open_days, day);
  if (Status saved = replace(old, chunks, progress); !saved) return std::move(saved).error();
  return std::uint64_t{1};
}

/// Commits chunks in the place of old ones, with what else is to change.
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

Result<std::uint64_t> StoredRollups::compact() {
  const TimeMs now = clock_.now_ms();
  const TimeMs first_day = first_day_to_open(progress_, plan().oldest[1]);
  for (const TimeMs day : progress_.open_days) {
    const Span hours{Resolution::hour, day};
    const std::vector<Run>* runs = directory_.runs(hours);
    const std::vector<Run> none;
    const std::vector<Run>& from = runs == nullptr ? none : *runs;
    const bool possible = damaged_.count(hours) == 0 && mergeable_at_once(from);
    if (possible && is_due(day, from, first_day, now)) return close(day);
  }
  for (const auto& [key, runs] : directory_.spans()) {
    const MergePlan plan = plan_merge(key, runs, now);
    if (plan.runs.empty() || damaged_.count(key) != 0) continue;
    const Span span = key;
    RunLabel label = new_run();
    label.tier = plan.tier;
    label.written_ms = plan.written_ms;
    const auto snapshot = store_.snapshot();
    const auto merged =
        merge_runs(*snapshot, storage_.tables, span, plan.runs, span, label, writer_, reader_);
    if (!merged) {
      if (Status noted = set_aside(span, merged.error()); !noted) return std::move(noted).error();
      continue;
    }
    OldRuns old;
    std::uint64_t before = 0;
    for (const Run& run : plan.runs) {
      old.emplace_back(span, run);
      before += run.parts.size();
    }
    if (Status saved = replace(old, *merged, progress_); !saved) return std::move(saved).error();
    compacted_.add(before);
    return before;
  }
  return std::uint64_t{0};
}

/// A damaged span must not keep the others from being merged. Its day is recomputed from the log at
/// the next rebuild_dirty().
Status StoredRollups::set_aside(const Span& span, const Error& error) {
  if (error.code != Errc::corruption && error.code != Errc::not_found) return error;
  logger_->error("{}; its day will be recomputed from the log at the next start", error.message);
  damaged_.insert(span);
  store::WriteBatch changes;
  mark_days(changes, storage_.dirty, span.start, span.start);
  return store_.commit(changes, store::Sync::no);
}

Result<std::uint64_t> StoredRollups::expire() {
  std::uint64_t removed = 0;
  for (const Resolution resolution : kResolutions) {
    const auto r = static_cast<std::size_t>(resolution);
    TimeMs oldest = oldest_bucket(clock_.now_ms(), options_.retention_ms[r]);
    if (resolution == Resolution::hour && !progress_.open_days.empty()) {
      oldest = std::min(oldest, progress_.open_days.front());
    }
    std::vector<std::pair<Span, std::uint64_t>> gone;
    TimeMs before = kBeginning;
    for (const auto& [span, runs] : directory_.spans()) {
      if (span.resolution != resolution || span.end() > oldest) continue;
      before = std::max(before, span.end());
      for (const Run& run : runs) {
        gone.emplace_back(span, run.number);
        removed += run.parts.size();
      }
    }
    if (gone.empty()) continue;
    const std::string begin(1, static_cast<char>(resolution));
    const std::string end = begin_of({resolution, before});
    store::WriteBatch changes;
    changes.erase_range(storage_.tables.directory, begin, end);
    Progress progress = progress_;
    progress.raise_kept_since(r, before);
    changes.put(storage_.state, kProgressKey, encode_progress(progress));
    // Synced: what is dropped below is gone at once, and must not be listed after a power cut.
    if (Status saved = store_.commit(changes, store::Sync::yes); !saved) {
      return std::move(saved).error();
    }
    publish(progress);
    for (const auto& [span, run] : gone) directory_.remove_run(span, run);
    // Last: chunks that a crash leaves without an entry are in the range of the next drop.
    if (Status dropped = store_.drop(storage_.tables.chunks, begin, end); !dropped) {
      return std::move(dropped).error();
    }
  }
  if (removed > 0) publish(progress_);
  return removed;
}

Status StoredRollups::rebuild_dirty(TimeMs raw_since, const Source& source) {
  while (true) {
    const auto ranges = marked_days(*store_.snapshot(), storage_.dirty);
    if (!ranges) return ranges.error();
    if (ranges->empty()) return {};
    if (Status rebuilt = rebuild_day(ranges->front(), raw_since, source); !rebuilt) {
      return rebuilt;
    }
  }
}

Status StoredRollups::rebuild_day(const DayRange& range, TimeMs raw_since, const Source& source) {
  const TimeMs day = range.first;
  store::WriteBatch changes;
  unmark_first_day(changes, storage_.dirty, range);
  if (day < raw_since) {
    logger_->warn("cells of {} stay as they are: raw events no longer cover the whole day",
                  format_rfc3339(day));
    return store_.commit(changes, store::Sync::no);
  }
  Progress progress = progress_;
  const auto chunks = recompute(day, source, progress);
  if (!chunks) return chunks.error();
  OldRuns old;
  for (const auto& [span, runs] : directory_.spans()) {
    if (span.start < day || span.start >= day + kDayMs) continue;
    for (const Run& run : runs) old.emplace_back(span, run);
  }
  table_.save(changes);
  progress.overflow_events = progress_.overflow_events;  // counted when they were folded
  if (Status saved = replace(old, *chunks, progress, std::move(changes)); !saved) return saved;
  table_.saved();
  for (const auto& [span, run] : old) damaged_.erase(span);
  return {};
}

Result<std::vector<NewChunk>> StoredRollups::recompute(TimeMs day, const Source& source,
                                                       Progress& progress) {
  std::vector<NewChunk> chunks;
  auto gathered = std::make_shared<model::ExecutionBatch>();
  const auto flush = [&] {
    if (gathered->empty()) return;
    const Batches batches{std::move(gathered)};
    gathered = std::make_shared<model::ExecutionBatch>();
    for (NewChunk& chunk : build(batches, progress)) chunks.push_back(std::move(chunk));
  };
  Status fed = source(day, day + kDayMs, progress_.watermark,
                      [&](const model::ExecutionBatch& batch, std::span<const std::uint32_t> rows) {
                        gathered->append(batch, rows);
                        if (gathered->rows() >= kRebuildRows) flush();
                        return Status{};
                      });
  if (!fed) return std::move(fed).error();
  flush();
  return chunks;
}

}  // namespace

Result<std::unique_ptr<Rollups>> Rollups::open(store::Store& store, const Clock& clock,
                                               const Options& options, Logger logger,
                                               telemetry::Registry& telemetry) {
  Storage tables;
  const auto make = [&store](const char* name, store::Table& table) -> Status {
    Result<store::Table> made = store.table(name);
    if (!made) return std::move(made).error();
    table = *made;
    return {};
  };
  for (const auto& [name, table] :
       {std::pair<const char*, store::Table*>{"cells", &tables.tables.chunks},
        {"cell_directory", &tables.tables.directory},
        {"cell_state", &tables.state},
        {"cell_dirty_days", &tables.dirty},
        {"series", &tables.series}}) {
    if (Status made = make(name, *table); !made) return std::move(made).error();
  }
  if (Status same = check_dimensions(store, tables.state, options.dimensions); !same) {
    return std::move(same).error();
  }
  auto rollups =
      std::make_unique<StoredRollups>(store, clock, options, std::move(logger), telemetry, tables);
  if (Status loaded = rollups->load(); !loaded) return std::move(loaded).error();
  return std::unique_ptr<Rollups>(std::move(rollups));
}

}  // namespace vitals::series
