#include <algorithm>
#include <utility>

#include <vitals/model/rows.h>
#include <vitals/window/windows.h>

#include "window.h"

namespace vitals::window {
namespace {

/// Windows over the same executions, that differ in length only.
struct Selection {
  std::vector<model::Filter> filters;
  std::vector<std::string> group_by;
  std::vector<WindowId> windows;
};

}  // namespace

struct Windows::State {
  metrics::Options options;
  DurationMs memory_ms;
  GroupBudget budget;
  std::vector<Window> windows;
  std::vector<Selection> selections;
};

Windows::Windows(const metrics::Options& options, DurationMs memory_ms, std::size_t groups_max,
                 OnRefused on_refused)
    : state_(std::make_unique<State>(
          State{options, memory_ms, {groups_max, std::move(on_refused), 0}, {}, {}})) {}
Windows::~Windows() = default;
Windows::Windows(Windows&&) noexcept = default;
Windows& Windows::operator=(Windows&&) noexcept = default;

WindowId Windows::add(const Spec& spec) {
  auto& windows = state_->windows;
  const auto known = std::find_if(windows.begin(), windows.end(), [&](const Window& window) {
    return window.spec().same_executions(spec);
  });
  if (known != windows.end()) {
    known->widen(spec);
    return static_cast<WindowId>(known - windows.begin());
  }
  const WindowId id = windows.size();
  windows.emplace_back(spec, state_->memory_ms, state_->budget);

  auto& selections = state_->selections;
  auto shared = std::find_if(selections.begin(), selections.end(), [&](const Selection& selection) {
    return selection.filters == spec.filters && selection.group_by == spec.group_by;
  });
  if (shared == selections.end()) {
    shared = selections.insert(shared, {spec.filters, spec.group_by, {}});
  }
  shared->windows.push_back(id);
  return id;
}

void Windows::apply(const model::ExecutionBatch& batch, TimeMs now) {
  if (state_->windows.empty() || batch.empty()) return;
  const metrics::MeasuredBatch measured(batch, state_->options);
  for (const Selection& selection : state_->selections) {
    const GroupedRows grouped = group_rows(batch, selection.filters, selection.group_by);
    for (const WindowId id : selection.windows) state_->windows[id].apply(measured, grouped, now);
  }
}

void Windows::visit(WindowId id, TimeMs now, const std::function<void(const GroupView&)>& visitor) {
  state_->windows[id].visit(now, visitor);
}

DurationMs Windows::replay_ms() const {
  DurationMs longest = 0;
  for (const Window& window : state_->windows) longest = std::max(longest, window.reach_ms());
  return longest;
}

model::ColumnSet Windows::replay_columns() const {
  metrics::Needs needs;
  for (const Window& window : state_->windows) needs.merge(window.spec().needs);
  model::ColumnSet columns = metrics::columns_for(needs);
  for (const Selection& selection : state_->selections) {
    for (const model::Filter& filter : selection.filters) {
      model::require_field(filter.field, columns);
    }
    for (const std::string& field : selection.group_by) model::require_field(field, columns);
  }
  return columns;
}

DurationMs Windows::memory_ms() const { return state_->memory_ms; }

}  // namespace vitals::window
