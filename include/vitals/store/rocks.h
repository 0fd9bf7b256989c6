#pragma once

#include <memory>
#include <string>

#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/store/store.h>

namespace rocksdb {
class Env;
}

namespace vitals::store {

struct RocksOptions {
  std::string folder;                          ///< made if new
  std::uint64_t memtable_bytes = 16ULL << 20;  ///< per table, before it is flushed
  std::uint64_t cache_bytes = 32ULL << 20;     ///< shared block cache
  rocksdb::Env* env = nullptr;                 ///< for fault injection in tests; must outlive it
  /// What flushes and compactions may write per second, all together; 0: as much as they can.
  std::uint64_t io_bytes_per_second = 128ULL << 20;
  bool read_only = false;  ///< nothing in the folder is changed, and commits are refused
};

/// Opens (or makes) a RocksDB store. A torn tail of its write-ahead log is cut back to the last
/// whole commit and named in recovery(); one that tables were already written out beyond (it is
/// older then) is refused. Errors: corruption with the damaged file's name, io.
Result<std::unique_ptr<Store>> open_rocks(const RocksOptions& options, Logger logger);

}  // namespace vitals::store
