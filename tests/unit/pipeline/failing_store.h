#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include <vitals/store/memory.h>

namespace vitals::pipeline::test {

/// A store, in memory at first, that can be full: then it refuses commits and takes nothing of
/// them.
class FailingStore final : public store::Store {
 public:
  /// Refuses every commit after so many more.
  void fill_after(std::uint64_t commits) { room_ = commits; }
  void fill() { fill_after(0); }
  void make_room() { fill_after(std::numeric_limits<std::uint64_t>::max()); }
  /// Another store instead, or none. Nobody may use the one before any more.
  void replace(std::unique_ptr<store::Store> store) {
    store_.reset();
    store_ = std::move(store);
  }
  /// That were taken.
  std::uint64_t commits() const { return commits_; }

  Result<store::Table> table(std::string_view name) override { return store_->table(name); }
  Status commit(const store::WriteBatch& batch, store::Sync sync) override {
    if (room_ == 0) return Error{Errc::resource_exhausted, "the disk is full"};
    --room_;
    ++commits_;
    return store_->commit(batch, sync);
  }
  std::shared_ptr<const store::Snapshot> snapshot() const override { return store_->snapshot(); }
  Status drop(store::Table table, std::string_view begin, std::string_view end) override {
    return store_->drop(table, begin, end);
  }
  Status checkpoint(const std::string& folder) override { return store_->checkpoint(folder); }
  store::Usage usage() const override { return store_->usage(); }
  const store::RecoveryReport& recovery() const override { return store_->recovery(); }

 private:
  std::unique_ptr<store::Store> store_ = store::open_memory();
  std::atomic<std::uint64_t> room_{std::numeric_limits<std::uint64_t>::max()};
  std::atomic<std::uint64_t> commits_{0};
};

}  // namespace vitals::pipeline::test
