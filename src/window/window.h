#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <vitals/window/windows.h>

#include "grouped_rows.h"
#include "panes.h"

namespace vitals::window {

/// How many groups all windows have and may have, and who is told when they may have no more.
struct GroupBudget {
  std::size_t max;
  Windows::OnRefused on_refused;
  std::size_t used = 0;

  bool spent() const { return used >= max; }
};

/// One rolling window: its groups and their panes.
class Window {
 public:
  /// The budget is shared with other windows and must outlive this one.
  Window(Spec spec, DurationMs memory_ms, GroupBudget& budget);

  const Spec& spec() const { return spec_; }
  /// Before the first apply().
  void widen(const Spec& spec);
  /// Events older than this cannot change anything here.
  DurationMs reach_ms() const {
    return spec_.remember ? std::max(memory_ms_, spec_.window_ms) : spec_.window_ms;
  }

  void apply(const metrics::MeasuredBatch& batch, const GroupedRows& grouped, TimeMs now);
  void visit(TimeMs now, const std::function<void(const GroupView&)>& visitor);

 private:
  struct Group {
    std::map<std::string, std::string> labels;
    Panes panes;
    TimeMs last_event_ms = 0;
  };
  using Groups = std::map<std::string, Group>;  ///< by GroupedRows::Group::key
  std::int64_t pane_of(TimeMs time) const;
  bool forgotten(const Group& group, TimeMs now) const;
  void sweep(TimeMs now);
  Group* find_or_add(const GroupedRows::Group& group, TimeMs now);
  Groups::iterator forget(Groups::iterator group);

  Spec spec_;
  DurationMs step_ms_;
  DurationMs memory_ms_;
  GroupBudget& budget_;
  std::int64_t swept_pane_ = 0;
  Groups groups_;
};

}  // namespace vitals::window
