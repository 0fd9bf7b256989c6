#include "panes.h"

#include <algorithm>
#include <utility>

namespace vitals::window {

void Panes::advance(std::int64_t current) {
  if (current == current_) return;
  const std::int64_t before = std::exchange(current_, current);
  for (; !older_.empty() && older_.back().number < oldest(); total_valid_ = false) {
    older_.pop_back();
  }
  // Only where nothing older is left: a jump in time, or a pane that came late.
  const bool outrun = !newer_.empty() && newer_.front().number < oldest();
  if (outrun || current < before) {
    recount();
  } else {
    reach(before);
  }
  if (outrun || turn(before) != turn(current)) turn_over();
}

/// Drops what has left the window and adds up the rest anew.
void Panes::recount() {
  while (!newer_.empty() && newer_.front().number < oldest()) newer_.pop_front();
  newer_sum_ = metrics::Cell(newer_sum_.needs());
  for (const Pane& pane : newer_) {
    if (pane.number <= current_) newer_sum_.merge(pane.cell);
  }
  total_valid_ = false;
}

/// Counts the panes that were still to come.
void Panes::reach(std::int64_t before) {
  for (auto pane = newer_.rbegin(); pane != newer_.rend() && pane->number > before; ++pane) {
    if (pane->number > current_) continue;
    newer_sum_.merge(pane->cell);
    total_valid_ = false;
  }
}

/// Moves the newer panes that count to the older stack, as sums. The total stays what it is.
void Panes::turn_over() {
  const auto end = std::find_if(newer_.begin(), newer_.end(),
                                [this](const Pane& pane) { return pane.number > current_; });
  if (end == newer_.begin()) return;
  for (Pane& pane : older_) pane.cell.merge(newer_sum_);
  for (auto pane = std::prev(end); pane != newer_.begin(); --pane) {
    std::prev(pane)->cell.merge(pane->cell);
  }
  for (auto pane = newer_.begin(); pane != end; ++pane) older_.push_front(std::move(*pane));
  newer_.erase(newer_.begin(), end);
  newer_sum_ = metrics::Cell(newer_sum_.needs());
}

void Panes::add(std::int64_t pane, const metrics::Cell& cell) {
  if (pane < oldest()) return;
  const bool late = !older_.empty() && pane <= older_.front().number;
  if (late) {
    add_late(pane, cell);
  } else {
    add_newer(pane, cell);
  }
  if (total_valid_ && (late || pane <= current_)) total_.merge(cell);
}

void Panes::add_newer(std::int64_t pane, const metrics::Cell& cell) {
  auto at = std::lower_bound(newer_.begin(), newer_.end(), pane,
                             [](const Pane& p, std::int64_t number) { return p.number < number; });
  if (at == newer_.end() || at->number != pane) {
    newer_.insert(at, Pane{pane, cell});
  } else {
    at->cell.merge(cell);
  }
  if (pane <= current_) newer_sum_.merge(cell);
}

/// Every sum that begins at or before the pane holds it.
void Panes::add_late(std::int64_t pane, const metrics::Cell& cell) {
  auto at = std::find_if(older_.begin(), older_.end(),
                         [pane](const Pane& p) { return p.number <= pane; });
  if (at == older_.end() || at->number != pane) {
    at = older_.insert(at, Pane{pane, std::prev(at)->cell});  // there is a newer one, see add()
  }
  for (; at != older_.end(); ++at) at->cell.merge(cell);
}

const metrics::Cell& Panes::sum() {
  if (!std::exchange(total_valid_, true)) {
    total_ = newer_sum_;
    if (!older_.empty()) total_.merge(older_.back().cell);
  }
  return total_;
}

}  // namespace vitals::window
