#include "options.h"

#include <rocksdb/env.h>
#include <rocksdb/listener.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

namespace vitals::store {
namespace {

constexpr int kOpenFilesMax = 256;
constexpr std::uint64_t kBlockBytes = 16ULL << 10;
/// Of all tables together, in memtables_bytes of one: the log's table fills, the others hardly do.
constexpr std::uint64_t kMemtablesMax = 4;

/// Calls back when RocksDB has stopped because it found no room, and keeps it from trying again by
/// itself.
class FullDisk final : public rocksdb::EventListener {
 public:
  explicit FullDisk(std::function<void()> called) : called_(std::move(called)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override {
    if (error->IsNoSpace()) called_();
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  const std::function<void()> called_;
};

}  // namespace

rocksdb::DBOptions database_options(const RocksOptions& options, std::function<void()> full) {
  rocksdb::DBOptions database;
  if (options.env != nullptr) database.env = options.env;
  database.create_if_missing = true;
  database.paranoid_checks = true;
  // A damaged record ends the replay: everything before it is whole, nothing after it is taken.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // Reached before any memtable is full, so that all tables are written out at about the same time
  // and none is ahead of a log that must be cut back.
  database.max_total_wal_size = options.memtable_bytes;
  database.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(
      static_cast<std::size_t>(kMemtablesMax * options.memtable_bytes));
  database.max_open_files = kOpenFilesMax;
  database.max_background_jobs = 2;
  database.bytes_per_sync = 1ULL << 20;
  // Fixed, not auto-tuned: that may go down to a twentieth of the limit and follows demand by 5 %
  // every ten seconds, while flushes of a sudden load would hold up commits.
  if (options.io_bytes_per_second > 0) {
    database.rate_limiter.reset(
        rocksdb::NewGenericRateLimiter(static_cast<std::int64_t>(options.io_bytes_per_second)));
  }
  database.listeners.push_back(std::make_shared<FullDisk>(std::move(full)));
  return database;
}

rocksdb::ColumnFamilyOptions table_options(const RocksOptions& options,
                                           std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = std::move(cache);
  blocks.block_size = kBlockBytes;
  blocks.cache_index_and_filter_blocks = true;
  blocks.pin_l0_filter_and_index_blocks_in_cache = true;

  rocksdb::ColumnFamilyOptions table;
  table.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  table.compression = rocksdb::kNoCompression;
  table.write_buffer_size = options.memtable_bytes;
  table.max_write_buffer_number = 2;
  table.target_file_size_base = options.memtable_bytes;
  table.max_bytes_for_level_base = 4 * options.memtable_bytes;
  table.level_compaction_dynamic_level_bytes = true;
  return table;
}

}  // namespace vitals::store
