#include "panes.h"

#include <algorithm>

namespace vitals::window {

void Panes::advance(std::int64_t current) {
  if (current == current_) return;
  const std::int64_t before = current_;
  current_ = current;
  while (!older_.empty() && older_.back().number < oldest()) older_.pop_back();
  if (older_.empty() && !newer_.empty() && newer_.front().number < oldest()) {
    flip(current);
    return;
  }
  if (current < before) newer_sum_ = metrics::Cell(newer_sum_.needs());
  for (const Pane& pane : newer_) {
    const bool counted = current > before && pane.number <= before;
    if (!counted && pane.number <= current) newer_sum_.merge(pane.cell);
  }
}

/// The older stack is used up: what counts now becomes the new one.
void Panes::flip(std::int64_t current) {
  const auto begin = std::find_if(newer_.begin(), newer_.end(),
                                  [this](const Pane& pane) { return pane.number >= oldest(); });
  const auto end = std::find_if(begin, newer_.end(),
                                [current](const Pane& pane) { return pane.number > current; });
  for (auto pane = end; pane != begin;) {
    --pane;
    if (!older_.empty()) pane->cell.merge(older_.back().cell);
    older_.push_back(std::move(*pane));
  }
  newer_.erase(newer_.begin(), end);
  newer_sum_ = metrics::Cell(newer_sum_.needs());
}

void Panes::add(std::int64_t pane, const metrics::Cell& cell) {
  if (pane < oldest()) return;
  if (!older_.empty() && pane <= older_.front().number) {
    add_late(pane, cell);
    return;
  }
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
    Pane sum{pane, std::prev(at)->cell};  // there is a newer one, see add()
    at = older_.insert(at, std::move(sum));
  }
  for (; at != older_.end(); ++at) at->cell.merge(cell);
}

void Panes::sum(metrics::Cell& out) const {
  if (older_.empty()) {
    out = newer_sum_;
  } else {
    out = older_.back().cell;
    out.merge(newer_sum_);
  }
}

}  // namespace vitals::window
