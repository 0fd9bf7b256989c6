#pragma once

#include <memory>

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <vitals/store/rocks.h>

namespace vitals::store {

/// How RocksDB is set up: levelled, uncompressed (values come compressed), bounded in memory, in
/// open files and in write-ahead logs, checked on every read.
rocksdb::DBOptions database_options(const RocksOptions& options);
rocksdb::ColumnFamilyOptions table_options(const RocksOptions& options,
                                           std::shared_ptr<rocksdb::Cache> cache);

}  // namespace vitals::store
