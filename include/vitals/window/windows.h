#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/cell.h>
#include <vitals/metrics/measure.h>
#include <vitals/model/batch.h>
#include <vitals/model/filter.h>

namespace vitals::window {

/// A silent group is remembered this long.
inline constexpr DurationMs kMemoryMs = 2 * 86'400'000LL;
/// A group that is watched takes about 2 kB, and 20 kB when there are events in all sixtieths of
/// its window (docs/performance.md).
inline constexpr std::size_t kGroupsMax = 20'000;

/// What a loaded rule wants to see continuously: which executions, grouped how, over how long.
struct Spec {
  std::vector<model::Filter> filters;
  std::vector<std::string> group_by;  ///< field names
  DurationMs window_ms = 0;           ///< the window moves in steps of window_ms / 60
  metrics::Needs needs;
  bool remember = true;  ///< keeps groups that have fallen silent for memory_ms, to tell absence

  bool same_executions(const Spec& other) const {
    return filters == other.filters && group_by == other.group_by && window_ms == other.window_ms;
  }
};

using WindowId = std::size_t;

/// One group of a window at the moment it is asked.
struct GroupView {
  const std::map<std::string, std::string>& labels;  ///< by field name; absent values left out
  const metrics::Cell& cell;                         ///< everything within (now - window, now]
  TimeMs last_event_ms;  ///< newest event time seen in the group, at most now
};

/// Rolling windows over event time ending at now, for rules. Only the spine touches them.
///
/// A window is 60 panes of window_ms / 60; now lies in the newest. So nothing older than the window
/// counts, its oldest sixtieth may be missing, and an event up to ten minutes ahead of now waits in
/// a pane of its own until now reaches that pane. Events further ahead are ignored.
///
/// A group is forgotten once a whole window has passed without it, except that `last_event_ms` is
/// remembered for `memory_ms` so that absence can be told.
class Windows {
 public:
  /// `groups_max` bounds the groups of all windows together, but for the first of each. Events of
  /// further ones count nowhere here: `on_refused` is told of each group and batch to which that
  /// happens.
  using OnRefused = std::function<void(const Spec&)>;
  explicit Windows(const metrics::Options& options, DurationMs memory_ms = kMemoryMs,
                   std::size_t groups_max = kGroupsMax, OnRefused on_refused = {});
  ~Windows();
  Windows(Windows&&) noexcept;
  Windows& operator=(Windows&&) noexcept;

  /// Adds a window, or widens one that already watches the same executions. Before the first
  /// apply().
  WindowId add(const Spec& spec);

  /// Adds events; those outside a window (too old, or beyond now) are not counted in it.
  void apply(const model::ExecutionBatch& batch, TimeMs now);

  /// Visits every group that is remembered, in label order. `cell.counts.executions` may be 0.
  void visit(WindowId id, TimeMs now, const std::function<void(const GroupView&)>& visitor);

  /// How far back, and which columns, a restart must replay the log so that the windows know what
  /// they knew. 0 and none without windows.
  DurationMs replay_ms() const;
  model::ColumnSet replay_columns() const;
  /// How long a silent group is remembered.
  DurationMs memory_ms() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::window
