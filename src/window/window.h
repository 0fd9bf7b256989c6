#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <vitals/window/windows.h>

#include "grouped_rows.h"
#include "panes.h"

namespace vitals::window {

/// One rolling window: its groups and their panes.
class Window {
 public:
  Window(Spec spec, DurationMs memory_ms, std::size_t groups_max);

  const Spec& spec() const { return spec_; }
  /// Before the first apply().
  void widen(const Spec& spec);
  std::uint64_t groups_refused() const { return groups_refused_; }

  void apply(const metrics::MeasuredBatch& batch, const GroupedRows& grouped, TimeMs now);
  void visit(TimeMs now, const std::function<void(const GroupView&)>& visitor);

 private:
  struct Group {
    std::map<std::string, std::string> labels;
    Panes panes;
    TimeMs last_event_ms = 0;
  };
  std::int64_t pane_of(TimeMs time) const;
  bool forgotten(const Group& group, TimeMs now) const;
  void sweep(TimeMs now);
  Group* find_or_add(const GroupedRows::Group& group, TimeMs now);

  Spec spec_;
  DurationMs step_ms_;
  DurationMs memory_ms_;
  std::size_t groups_max_;
  std::uint64_t groups_refused_ = 0;
  std::int64_t swept_pane_ = 0;
  std::map<std::string, Group> groups_;  ///< by GroupedRows::Group::key
};

}  // namespace vitals::window
