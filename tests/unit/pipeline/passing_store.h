#pragma once

#include <memory>
#include <string>
#include <utility>

#include <vitals/store/memory.h>

namespace vitals::pipeline::test {

/// A store that hands everything to another one, at first one in memory: for tests that change one
/// verb of it.
class PassingStore : public store::Store {
 public:
  /// Another store instead, or none. Nobody may use the one before any more.
  void replace(std::unique_ptr<store::Store> store) {
    store_.reset();
    store_ = std::move(store);
  }

  Result<store::Table> table(std::string_view name) override { return store_->table(name); }
  Status commit(const store::WriteBatch& batch, store::Sync sync) override {
    return store_->commit(batch, sync);
  }
  std::shared_ptr<const store::Snapshot> snapshot() const override { return store_->snapshot(); }
  Status drop(store::Table table, std::string_view begin, std::string_view end) override {
    return store_->drop(table, begin, end);
  }
  void begin_purge() override { store_->begin_purge(); }
  Result<bool> purge(store::Table table, std::string_view begin, std::string_view end) override {
    return store_->purge(table, begin, end);
  }
  Status checkpoint(const std::string& folder) override { return store_->checkpoint(folder); }
  store::Usage usage() const override { return store_->usage(); }
  const store::RecoveryReport& recovery() const override { return store_->recovery(); }

 private:
  std::unique_ptr<store::Store> store_ = store::open_memory();
};

}  // namespace vitals::pipeline::test
