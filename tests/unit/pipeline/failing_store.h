#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "passing_store.h"

namespace vitals::pipeline::test {

/// A store, in memory at first, that can be full: then it refuses commits and takes nothing of
/// them.
class FailingStore final : public PassingStore {
 public:
  /// Refuses every commit after so many more.
  void fill_after(std::uint64_t commits) { room_ = commits; }
  void fill() { fill_after(0); }
  void make_room() { fill_after(std::numeric_limits<std::uint64_t>::max()); }
  /// That were taken.
  std::uint64_t commits() const { return commits_; }

  Status commit(const store::WriteBatch& batch, store::Sync sync) override {
    if (room_ == 0) return Error{Errc::resource_exhausted, "the disk is full"};
    --room_;
    ++commits_;
    return PassingStore::commit(batch, sync);
  }

 private:
  std::atomic<std::uint64_t> room_{std::numeric_limits<std::uint64_t>::max()};
  std::atomic<std::uint64_t> commits_{0};
};

}  // namespace vitals::pipeline::test
