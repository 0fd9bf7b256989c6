#include <limits>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>

#include "chunk_merge.h"
#include "stored_rollups.h"

namespace vitals::series {
namespace {

/// Events of a day that are rebuilt together, so that a busy day fits in memory.
constexpr std::size_t kRebuildRows = 65'536;

using BatchList = std::vector<std::shared_ptr<const model::ExecutionBatch>>;

}  // namespace

std::vector<Run> StoredRollups::runs_of(const Span& span) const {
  const std::vector<Run>* runs = directory_.runs(span);
  return runs == nullptr ? std::vector<Run>() : *runs;
}

bool StoredRollups::can_make(TimeMs day) const {
  const Span hours{Resolution::hour, day};
  return damaged_.count(hours) == 0 && mergeable_at_once(runs_of(hours));
}

Status StoredRollups::make_days() {
  const Days open = progress_.open_days;  // which making a day changes
  for (const TimeMs day : open) {
    if (!can_make(day)) continue;
    if (Status made = make_day(day); !made) return made;
  }
  return {};
}

Result<std::uint64_t> StoredRollups::compact() {
  const TimeMs now = clock_.now_ms();
  const TimeMs first_day = first_day_to_open(progress_, plan().oldest[1]);
  for (const TimeMs day : progress_.open_days) {
    const std::vector<Run> hours = runs_of({Resolution::hour, day});
    const std::vector<Run> made = runs_of({Resolution::day, day});
    if (!can_make(day) || !is_due(day, hours, made, first_day, now)) continue;
    if (Status status = make_day(day); !status) return std::move(status).error();
    return std::uint64_t{1};
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

Status StoredRollups::set_aside(const Span& span, const Error& error) {
  if (error.code != Errc::corruption && error.code != Errc::not_found) return error;
  logger_->error("{}; its day will be recomputed from the log at the next start", error.message);
  damaged_.insert(span);
  store::WriteBatch changes;
  mark_days(changes, storage_.dirty, span.start, span.start);
  return store_.commit(changes, store::Sync::no);
}

Status StoredRollups::make_day(TimeMs day) {
  const Span hours{Resolution::hour, day}, target{Resolution::day, day};
  const std::vector<Run> from = runs_of(hours), before = runs_of(target);
  std::vector<NewChunk> chunks;
  OldRuns old;
  if (!from.empty() && day >= plan().oldest[2]) {
    auto merged = merge_runs(*store_.snapshot(), storage_.tables, hours, from, target, new_run(),
                             writer_, reader_);
    if (merged) {
      chunks = std::move(*merged);
      for (const Run& run : before) old.emplace_back(target, run);
    } else if (Status noted = set_aside(hours, merged.error()); !noted || before.empty()) {
      return noted;
    }
    // Day cells of before, without late events, are better than an error.
  }
  Progress progress = progress_;
  std::erase(progress.open_days, day);
  if (Status saved = replace(old, chunks, progress); !saved) return saved;
  if (!chunks.empty()) made_.add();
  return {};
}

TimeMs StoredRollups::oldest_hours_needed() const {
  for (const TimeMs day : progress_.open_days) {
    if (damaged_.count({Resolution::hour, day}) == 0) return day;
  }
  return std::numeric_limits<TimeMs>::max();
}

Result<std::uint64_t> StoredRollups::expire() {
  std::uint64_t removed = 0;
  for (const Resolution resolution : kResolutions) {
    const auto r = static_cast<std::size_t>(resolution);
    auto dropped = drop_older(resolution, oldest_bucket(clock_.now_ms(), options_.retention_ms[r]));
    if (!dropped) return dropped;
    removed += *dropped;
  }
  return removed;
}

Result<std::uint64_t> StoredRollups::shed(std::uint64_t bytes, TimeMs before) {
  std::uint64_t gone = 0;
  for (const Resolution resolution : {Resolution::minute, Resolution::hour}) {
    TimeMs oldest = kBeginning;
    for (const auto& [span, runs] : directory_.spans()) {
      if (gone >= bytes) break;
      if (span.resolution != resolution || span.end() > before) continue;
      if (resolution == Resolution::hour && span.end() > oldest_hours_needed()) continue;
      oldest = span.end();
      for (const Run& run : runs) {
        for (const ChunkEntry& part : run.parts) gone += part.bytes;
      }
    }
    if (auto dropped = drop_older(resolution, oldest); !dropped) return dropped;
  }
  return gone;
}

Result<std::uint64_t> StoredRollups::drop_older(Resolution resolution, TimeMs oldest) {
  if (resolution == Resolution::hour) oldest = std::min(oldest, oldest_hours_needed());
  std::vector<std::pair<Span, std::uint64_t>> gone;
  std::uint64_t removed = 0;
  TimeMs before = kBeginning;
  for (const auto& [span, runs] : directory_.spans()) {
    if (span.resolution != resolution || span.end() > oldest) continue;
    before = std::max(before, span.end());
    for (const Run& run : runs) {
      gone.emplace_back(span, run.number);
      removed += run.parts.size();
    }
  }
  if (gone.empty()) return removed;
  const std::string begin(1, static_cast<char>(resolution));
  const std::string end = begin_of({resolution, before});
  store::WriteBatch changes;
  changes.erase_range(storage_.tables.directory, begin, end);
  Progress progress = progress_;
  progress.raise_kept_since(static_cast<std::size_t>(resolution), before);
  if (resolution == Resolution::hour) {  // damaged: nothing is to be made from them any more
    std::erase_if(progress.open_days, [before](TimeMs day) { return day < before; });
  }
  changes.put(storage_.state, kProgressKey, encode_progress(progress));
  // Synced: what is dropped below is gone at once, and must not be listed after a power cut.
  if (Status saved = store_.commit(changes, store::Sync::yes); !saved) {
    return std::move(saved).error();
  }
  for (const auto& [span, run] : gone) directory_.remove_run(span, run);
  publish(progress);
  // Last: chunks that a crash leaves without an entry are in the range of the next drop.
  if (Status dropped = store_.drop(storage_.tables.chunks, begin, end); !dropped) {
    return std::move(dropped).error();
  }
  return removed;
}

Result<bool> StoredRollups::purge(TimeMs from_ms, TimeMs to_ms) {
  const TimeMs first = bucket_start(from_ms, kDayMs), last = bucket_start(to_ms, kDayMs);
  bool gone = true;
  for (const Resolution resolution : kResolutions) {
    const auto purged = store_.purge(storage_.tables.chunks, begin_of({resolution, first}),
                                     begin_of({resolution, last + kDayMs}));
    if (!purged) return purged.error();
    gone = gone && *purged;
  }
  return gone;
}

Result<std::optional<TimeMs>> StoredRollups::dirty_day(TimeMs from) const {
  const auto marked = marked_days(*store_.snapshot(), storage_.dirty);
  if (!marked) return marked.error();
  return first_marked(*marked, from);
}

Status StoredRollups::rebuild_dirty(TimeMs raw_since, const Source& source) {
  Status all;
  for (TimeMs from = kBeginning;;) {
    const auto day = dirty_day(from);
    if (!day) return day.error();
    if (!*day) return all;
    Status rebuilt = rebuild_day(**day, raw_since, source);
    if (!rebuilt && all) all = std::move(rebuilt);
    from = **day + kDayMs;
  }
}

Status StoredRollups::rebuild_day(TimeMs day, TimeMs raw_since, const Source& source) {
  const auto marked = marked_days(*store_.snapshot(), storage_.dirty);
  if (!marked) return marked.error();
  store::WriteBatch changes;
  unmark_day(changes, storage_.dirty, *marked, day);
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
    const BatchList batches{std::move(gathered)};
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

}  // namespace vitals::series
