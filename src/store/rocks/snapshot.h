#pragma once

#include <array>
#include <atomic>
#include <string>

#include <rocksdb/db.h>

#include <vitals/store/store.h>

namespace vitals::store {

inline constexpr std::size_t kTablesMax = 64;
/// Column families by their id, which is the table's.
using TableHandles = std::array<std::atomic<rocksdb::ColumnFamilyHandle*>, kTablesMax>;

/// A RocksDB snapshot; all three must outlive it.
class RocksSnapshot final : public Snapshot {
 public:
  RocksSnapshot(rocksdb::DB& db, const TableHandles& handles, const std::string& folder)
      : db_(db), handles_(handles), folder_(folder), snapshot_(db.GetSnapshot()) {}
  ~RocksSnapshot() override { db_.ReleaseSnapshot(snapshot_); }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  Result<std::optional<std::string>> get(Table table, std::string_view key) const override;
  std::unique_ptr<Cursor> scan(Table table, std::string_view begin, std::string_view end,
                               Direction direction) const override;

 private:
  rocksdb::DB& db_;
  const TableHandles& handles_;
  const std::string& folder_;
  const rocksdb::Snapshot* snapshot_;
};

}  // namespace vitals::store
