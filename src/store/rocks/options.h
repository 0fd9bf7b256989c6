#pragma once

#include <functional>
#include <memory>

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <vitals/store/rocks.h>

namespace vitals::store {

/// How RocksDB is set up: levelled, uncompressed (values come compressed), bounded in memory, in
/// open files and in write-ahead logs, checked on every read. `full` is called, on any thread, when
/// it has stopped because the disk is full.
rocksdb::DBOptions database_options(const RocksOptions& options, std::function<void()> full);
rocksdb::ColumnFamilyOptions table_options(const RocksOptions& options,
                                           std::shared_ptr<rocksdb::Cache> cache);

}  // namespace vitals::store
