#include "window.h"

#include <algorithm>
#include <utility>

#include <vitals/base/hash.h>

namespace vitals::window {
namespace {

/// What ingest lets an event's time be ahead of now.
constexpr DurationMs kFutureMaxMs = 10LL * 60'000;

}  // namespace

Window::Window(Spec spec, DurationMs memory_ms, GroupBudget& budget)
    : spec_(std::move(spec)),
      step_ms_(std::max<DurationMs>(spec_.window_ms / Panes::kCount, 1)),
      memory_ms_(memory_ms),
      budget_(budget) {}

void Window::widen(const Spec& spec) {
  spec_.needs.merge(spec.needs);
  spec_.remember = spec_.remember || spec.remember;
}

/// Panes are open at their beginning: (n·step, (n+1)·step], as windows are.
std::int64_t Window::pane_of(TimeMs time) const {
  const TimeMs before = time - 1;
  return before >= 0 ? before / step_ms_ : (before + 1) / step_ms_ - 1;
}

bool Window::forgotten(const Group& group, TimeMs now) const {
  if (!group.panes.empty()) return false;
  return !spec_.remember || group.last_event_ms <= now - memory_ms_;
}

/// Walking all groups is worth it only where time has moved on.
void Window::sweep(TimeMs now) {
  const std::int64_t current = pane_of(now);
  if (std::exchange(swept_pane_, current) == current) return;
  for (auto at = groups_.begin(); at != groups_.end();) {
    at->second.panes.advance(current);
    at = forgotten(at->second, now) ? forget(at) : std::next(at);
  }
}

Window::Groups::iterator Window::forget(Groups::iterator group) {
  --budget_.used;
  return groups_.erase(group);
}

Window::Group* Window::find_or_add(const GroupedRows::Group& group, TimeMs now) {
  if (const auto known = groups_.find(group.key); known != groups_.end()) return &known->second;
  if (budget_.spent()) sweep(now);
  // One is always allowed: a rule on everything must not fail because another has many groups.
  if (budget_.spent() && !groups_.empty()) {
    if (budget_.on_refused) budget_.on_refused(spec_);
    return nullptr;
  }
  ++budget_.used;
  Group fresh{{}, Panes(spec_.needs, hash64(group.key)), 0};
  for (std::size_t i = 0; i < group.values.size(); ++i) {
    if (!group.values[i].empty()) fresh.labels.emplace(spec_.group_by[i], group.values[i]);
  }
  return &groups_.emplace(group.key, std::move(fresh)).first->second;
}

void Window::apply(const metrics::MeasuredBatch& batch, const GroupedRows& grouped, TimeMs now) {
  const std::vector<TimeMs>& time = batch.batch().time_ms;
  const TimeMs oldest = now - reach_ms();
  const std::int64_t current = pane_of(now);
  for (const GroupedRows::Group& rows : grouped.groups) {
    auto all = grouped.rows_of(rows);
    while (!all.empty() && time[all.front()] <= oldest) all = all.subspan(1);
    while (!all.empty() && time[all.back()] > now + kFutureMaxMs) all = all.first(all.size() - 1);
    Group* group = all.empty() ? nullptr : find_or_add(rows, now);
    if (group == nullptr) continue;

    group->last_event_ms = std::max(group->last_event_ms, std::min(time[all.back()], now));
    group->panes.advance(current);
    while (!all.empty()) {  // the rows of one pane at a time
      const std::int64_t pane = pane_of(time[all.front()]);
      std::size_t end = 1;
      while (end < all.size() && pane_of(time[all[end]]) == pane) ++end;
      if (pane > current - Panes::kCount) {
        metrics::Cell cell(spec_.needs);
        cell.add(batch, all.first(end));
        group->panes.add(pane, cell);
      }
      all = all.subspan(end);
    }
  }
}

void Window::visit(TimeMs now, const std::function<void(const GroupView&)>& visitor) {
  const std::int64_t current = pane_of(now);
  for (auto at = groups_.begin(); at != groups_.end();) {
    Group& group = at->second;
    group.panes.advance(current);
    // A host clock that was set back must not leave events in the future.
    group.last_event_ms = std::min(group.last_event_ms, now);
    if (forgotten(group, now)) {
      at = forget(at);
      continue;
    }
    visitor({group.labels, group.panes.sum(), group.last_event_ms});
    ++at;
  }
}

}  // namespace vitals::window
