#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <vitals/base/clock.h>
#include <vitals/events/event_log.h>
#include <vitals/events/log_view.h>
#include <vitals/metrics/metric.h>
#include <vitals/query/engine.h>
#include <vitals/series/cell_view.h>
#include <vitals/series/rollups.h>
#include <vitals/store/store.h>

#include "deadline.h"
#include "team.h"

namespace vitals::query {

/// What the engine stands on; all of it outlives the engine.
struct Sources {
  const store::Store& store;
  const events::EventLog& log;
  const series::Rollups& rollups;
  const metrics::Catalogue& catalogue;
  const Clock& clock;
  Options options;
  Team team;
};

/// Everything that one query reads: log and cells of the same snapshot. The series index is taken
/// after the snapshot, so that it names every series in it.
struct Reading {
  explicit Reading(const Sources& sources, std::optional<DurationMs> deadline_ms = {})
      : Reading(sources, sources.store.snapshot(), deadline_ms) {}
  Reading(const Sources& sources, const std::shared_ptr<const store::Snapshot>& snapshot,
          std::optional<DurationMs> deadline_ms)
      : log(sources.log, snapshot),
        cells(sources.rollups, snapshot),
        deadline(sources.clock, std::min(deadline_ms.value_or(sources.options.deadline_ms),
                                         sources.options.deadline_ms)) {}

  events::LogView log;
  series::CellView cells;
  Deadline deadline;
};

/// Answers, and once more when events or cells were dropped while they were read: the next snapshot
/// is not older than what is kept.
template <class AnswerNow>
auto answer_of_what_is_kept(const AnswerNow& answer_now) {
  auto answer = answer_now();
  const bool stale = !answer && answer.error().code == Errc::unavailable;
  return stale ? answer_now() : std::move(answer);
}

}  // namespace vitals::query
