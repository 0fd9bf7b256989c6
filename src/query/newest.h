#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::query {

/// The newest of what it was offered, at most `limit`, which is at least one. `newer` orders;
/// `time_of` says how new at least.
template <class Item, bool (*newer)(const Item&, const Item&), TimeMs (*time_of)(const Item&)>
class Newest {
 public:
  explicit Newest(std::size_t limit) : limit_(limit) {}

  /// Whether nothing of this time or an older one has a place.
  bool closed_to(TimeMs time) const {
    return heap_.size() == limit_ && time_of(heap_.front()) > time;
  }
  /// Whether it had to leave one out.
  bool offer(Item item) {
    if (heap_.size() < limit_) {
      heap_.push_back(std::move(item));
      std::push_heap(heap_.begin(), heap_.end(), newer);
      return false;
    }
    if (newer(item, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), newer);
      heap_.back() = std::move(item);
      std::push_heap(heap_.begin(), heap_.end(), newer);
    }
    return true;
  }
  /// The newest first.
  std::vector<Item> sorted() && {
    std::sort_heap(heap_.begin(), heap_.end(), newer);
    return std::move(heap_);
  }

 private:
  std::size_t limit_;
  std::vector<Item> heap_;  // the oldest in front
};

}  // namespace vitals::query
