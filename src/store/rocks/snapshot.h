#pragma once

#include <memory>
#include <string>

#include <vitals/store/store.h>

#include "database.h"

namespace vitals::store {

/// A RocksDB snapshot. It and its cursors keep the database open; `folder` must outlive them.
class RocksSnapshot final : public Snapshot {
 public:
  RocksSnapshot(std::shared_ptr<const Database> database, const std::string& folder)
      : database_(std::move(database)), folder_(folder), snapshot_(database_->db().GetSnapshot()) {}
  ~RocksSnapshot() override { database_->db().ReleaseSnapshot(snapshot_); }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  Result<std::unique_ptr<const Value>> borrow(Table table, std::string_view key,
                                              Cached cached) const override;
  Result<std::optional<std::string>> get(Table table, std::string_view key) const override;
  std::unique_ptr<Cursor> scan(Table table, std::string_view begin, std::string_view end,
                               Direction direction) const override;

 private:
  std::shared_ptr<const Database> database_;
  const std::string& folder_;
  const rocksdb::Snapshot* snapshot_;
};

/// While the database is not open: everything is the error unavailable.
Error not_open();
std::shared_ptr<const Snapshot> no_snapshot();

}  // namespace vitals::store
