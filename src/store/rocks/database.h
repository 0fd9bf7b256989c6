#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/wal_filter.h>

#include <vitals/base/result.h>
#include <vitals/store/rocks.h>

namespace vitals::store {

inline constexpr std::size_t kTablesMax = 64;

/// An open RocksDB and its column families. Thread-safe.
class Database {
 public:
  enum class Mode : std::uint8_t { read_write, read_only };

  /// Opens it with all the families that it has; makes it, if it may write. `filter` may be null.
  static Result<std::shared_ptr<Database>> open(rocksdb::DBOptions options,
                                                const rocksdb::ColumnFamilyOptions& table_options,
                                                const std::string& folder, Mode mode,
                                                std::unique_ptr<rocksdb::WalFilter> filter);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() const { return *db_; }
  /// A family by its id, which is the table's.
  rocksdb::ColumnFamilyHandle* handle(Table table) const { return handles_[table.id]; }
  /// Those that are there, by id with gaps.
  const auto& handles() const { return handles_; }
  /// Takes over a new family; false when there are too many.
  bool add(rocksdb::ColumnFamilyHandle* handle);

 private:
  Database(rocksdb::DB* db, std::unique_ptr<rocksdb::WalFilter> filter)
      : filter_(std::move(filter)), db_(db) {}

  const std::unique_ptr<rocksdb::WalFilter> filter_;  // its options name it as long as it is open
  std::unique_ptr<rocksdb::DB> db_;
  std::array<std::atomic<rocksdb::ColumnFamilyHandle*>, kTablesMax> handles_{};  // grows only
};

}  // namespace vitals::store
