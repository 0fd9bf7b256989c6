#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include <vitals/events/block.h>
#include <vitals/model/batch.h>

namespace vitals::events {

/// What was appended last, so that cells can be made from it without reading it back. Bounded: the
/// oldest is let go first. Not thread-safe.
class RecentRows {
 public:
  /// Positions ascend.
  void add(Position first, std::shared_ptr<const model::ExecutionBatch> rows) {
    const std::size_t bytes = rows->memory_bytes();
    entries_.push_back({first, std::move(rows), bytes});
    bytes_ += bytes;
    while (bytes_ > kBytesMax) drop_oldest();
  }

  /// The rows that were appended together from this position on, or null. Forgets them and all
  /// before them.
  std::shared_ptr<const model::ExecutionBatch> take(Position first) {
    while (!entries_.empty() && entries_.front().first < first) drop_oldest();
    if (entries_.empty() || entries_.front().first != first) return nullptr;
    auto rows = std::move(entries_.front().rows);
    drop_oldest();
    return rows;
  }

  void clear() { *this = RecentRows(); }

 private:
  static constexpr std::size_t kBytesMax = 16ULL << 20U;  // some 65,000 events
  struct Entry {
    Position first;
    std::shared_ptr<const model::ExecutionBatch> rows;
    std::size_t bytes;
  };
  void drop_oldest() {
    bytes_ -= entries_.front().bytes;
    entries_.pop_front();
  }

  std::deque<Entry> entries_;  // oldest first
  std::size_t bytes_ = 0;
};

}  // namespace vitals::events
