#include "options.h"

#include <rocksdb/env.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

namespace vitals::store {
namespace {

constexpr int kOpenFilesMax = 256;
constexpr std::uint64_t kBlockBytes = 16ULL << 10;
/// Of all tables together, in memtables_bytes of one: the log's table fills, the others hardly do.
constexpr std::uint64_t kMemtablesMax = 4;

/// A full disk, as Writer::start_new_log() wants it handled.
class FullDisk final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override {
    if (reason == rocksdb::BackgroundErrorReason::kWriteCallback && error->IsNoSpace()) {
      *error = rocksdb::Status::OK();  // the log failed: the writer knows, and nobody else writes
    }
    const bool failed_before = error->ToString().find("Seen error") != std::string::npos;
    if (reason == rocksdb::BackgroundErrorReason::kMemTable &&
        (failed_before || error->IsNoSpace())) {
      // Leaving the failed log. To RocksDB that is fatal, but it can be resumed from.
      *error = rocksdb::Status(rocksdb::Status::NoSpace("the log's last write failed"),
                               rocksdb::Status::Severity::kHardError);
    }
  }

  /// RocksDB polls for space every 5 s by itself. Here the Writer tries; only failed
  /// compactions, which no writer notices, are left to it.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status,
                            bool* auto_recovery) override {
    if (reason != rocksdb::BackgroundErrorReason::kCompaction) *auto_recovery = false;
  }
};

}  // namespace

rocksdb::DBOptions database_options(const RocksOptions& options) {
  rocksdb::DBOptions database;
  if (options.env != nullptr) database.env = options.env;
  database.create_if_missing = true;
  database.paranoid_checks = true;
  // A damaged record ends the replay: everything before it is whole, nothing after it is taken.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // Reached before any memtable is full, so that all tables are written out at about the same time
  // and none is ahead of a log that must be cut back. (atomic_flush would promise that, but in 7.8
  // it can wait for ever when it goes on after a full disk.)
  database.max_total_wal_size = options.memtable_bytes;
  database.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(
      static_cast<std::size_t>(kMemtablesMax * options.memtable_bytes));
  database.max_open_files = kOpenFilesMax;
  database.max_background_jobs = 2;
  database.bytes_per_sync = 1ULL << 20;
  database.listeners.push_back(std::make_shared<FullDisk>());
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
