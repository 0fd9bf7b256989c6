#include "ordered_events.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

namespace vitals::backtest {
namespace {

constexpr double kSliceRows = 250'000;
/// Slices begin and end at so many moments of the range.
constexpr DurationMs kCuts = 4'096;

}  // namespace

OrderedEvents::OrderedEvents(const events::LogView& view, events::ScanRequest request, TimeMs after,
                             TimeMs through)
    : view_(&view),
      request_(std::move(request)),
      read_(after),
      through_(std::max(after, through)),
      cut_ms_((through_ - after) / kCuts + 1) {
  request_.from_ms = after + 1;
  request_.to_ms = through_ + 1;
}

Result<OrderedEvents> OrderedEvents::open(const events::LogView& view, events::ScanRequest request,
                                          TimeMs after, TimeMs through) {
  OrderedEvents events(view, std::move(request), after, through);
  if (auto planned = events.plan(); !planned) return std::move(planned).error();
  return events;
}

/// Estimates how many rows lie where, as if those of a block were spread evenly.
Status OrderedEvents::plan() {
  const auto blocks = view_->blocks(request_);
  if (!blocks) return blocks.error();
  expected_.assign(static_cast<std::size_t>((through_ - read_) / cut_ms_ + 1), 0);
  const auto cut_of = [&](TimeMs time) {
    return static_cast<std::size_t>((time - request_.from_ms) / cut_ms_);
  };
  for (const events::LogView::BlockInfo& block : *blocks) {
    const TimeMs min = std::max(block.min_ms, request_.from_ms);
    const TimeMs max = std::min(block.max_ms, through_);
    first_ms_ = std::min(first_ms_.value_or(min), min);
    const double inside =
        static_cast<double>(max - min + 1) / static_cast<double>(block.max_ms - block.min_ms + 1);
    const std::size_t first = cut_of(min);
    const std::size_t cuts = cut_of(max) - first + 1;
    for (std::size_t i = first; i < first + cuts; ++i) {
      expected_[i] += inside * block.rows / static_cast<double>(cuts);
    }
  }
  return {};
}

Status OrderedEvents::read_slice() {
  const TimeMs begin = request_.from_ms;
  auto cut = static_cast<std::size_t>((read_ + 1 - begin) / cut_ms_);
  double rows = 0;
  do {
    rows += expected_[cut++];
  } while (cut < expected_.size() && rows + expected_[cut] <= kSliceRows);
  events::ScanRequest slice = request_;
  slice.from_ms = read_ + 1;
  slice.to_ms = std::min(begin + static_cast<TimeMs>(cut) * cut_ms_, through_ + 1);

  slice_ = {};
  const auto append = [this](const events::Block& block,
                             std::span<const std::uint32_t> selected) -> Status {
    slice_.append(block.rows, selected);
    return {};
  };
  if (auto visited = view_->visit(slice, append); !visited) return visited;
  order_.resize(slice_.rows());
  std::iota(order_.begin(), order_.end(), 0U);
  std::stable_sort(order_.begin(), order_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return slice_.time_ms[a] < slice_.time_ms[b];
  });
  at_ = 0;
  read_ = slice.to_ms - 1;
  return {};
}

Result<bool> OrderedEvents::next(TimeMs through, model::ExecutionBatch& out) {
  const TimeMs last = std::min(through, through_);
  while (at_ == order_.size() && read_ < last) {
    if (auto read = read_slice(); !read) return std::move(read).error();
  }
  const std::size_t begin = at_;
  while (at_ < order_.size() && slice_.time_ms[order_[at_]] <= last) ++at_;
  if (at_ == begin) return false;
  out = {};
  out.append(slice_, std::span(order_).subspan(begin, at_ - begin));
  given_ += at_ - begin;
  return true;
}

}  // namespace vitals::backtest
