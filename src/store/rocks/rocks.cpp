#include <array>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include <vitals/store/rocks.h>

#include "info_log.h"
#include "options.h"
#include "snapshot.h"
#include "translate.h"
#include "writer.h"

namespace vitals::store {
namespace {

class RocksStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> open(const RocksOptions& options, Logger logger);
  ~RocksStore() override;

  Result<Table> table(std::string_view name) override;
  Status commit(const WriteBatch& batch, Sync sync) override;
  std::shared_ptr<const Snapshot> snapshot() const override {
    return std::make_shared<RocksSnapshot>(*db_, handles_, options_.folder);
  }
  Status drop(Table table, std::string_view begin, std::string_view end) override;
  Status checkpoint(const std::string& folder) override;
  Usage usage() const override;
  const RecoveryReport& recovery() const override { return recovery_; }

 private:
  RocksStore(RocksOptions options, Logger logger)
      : options_(std::move(options)),
        logger_(std::move(logger)),
        cache_(rocksdb::NewLRUCache(options_.cache_bytes)) {}

  RocksOptions options_;
  Logger logger_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<rocksdb::DB> db_;
  mutable TableHandles handles_;  // of db_; grows only
  std::mutex making_table_;
  std::optional<Writer> writer_;  // to db_
  RecoveryReport recovery_;
};

Result<std::unique_ptr<Store>> RocksStore::open(const RocksOptions& options, Logger logger) {
  rocksdb::DBOptions database = database_options(options);
  const auto info_log = std::make_shared<InfoLog>(logger, options.folder);
  database.info_log = info_log;
  std::unique_ptr<RocksStore> store(new RocksStore(options, std::move(logger)));

  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(database, options.folder, &names).ok()) {
    names = {rocksdb::kDefaultColumnFamilyName};  // new, or damaged: then Open() says so
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, table_options(options, store->cache_));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::Open(database, options.folder, families, &handles, &db);
  if (!opened.ok()) return to_error(opened, options.folder);
  store->db_.reset(db);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    if (handle->GetID() >= kTablesMax) {
      for (rocksdb::ColumnFamilyHandle* other : handles) db->DestroyColumnFamilyHandle(other);
      return Error{Errc::corruption, "store: more tables than this version makes"};
    }
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) store->handles_[handle->GetID()] = handle;
  store->recovery_.findings = info_log->opened();
  store->writer_.emplace(*db, store->logger_);
  return std::unique_ptr<Store>(std::move(store));
}

RocksStore::~RocksStore() {
  if (db_ == nullptr) return;
  writer_.reset();
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  for (const auto& handle : handles_) {
    if (handle != nullptr) handles.push_back(handle);
  }
  // Nothing is lost without this, but the next start need not replay the write-ahead log.
  const rocksdb::Status flushed = db_->Flush(rocksdb::FlushOptions(), handles);
  if (!flushed.ok()) {
    logger_->warn("store: not flushed at the end, the next start replays its log: {}",
                  to_error(flushed, options_.folder).message);
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) db_->DestroyColumnFamilyHandle(handle);
}

Result<Table> RocksStore::table(std::string_view name) {
  const std::lock_guard lock(making_table_);
  for (const auto& handle : handles_) {
    if (handle != nullptr && handle.load()->GetName() == name) return Table{handle.load()->GetID()};
  }
  rocksdb::ColumnFamilyHandle* made = nullptr;
  const rocksdb::Status status =
      db_->CreateColumnFamily(table_options(options_, cache_), std::string(name), &made);
  if (!status.ok()) return to_error(status, options_.folder);
  if (made->GetID() >= kTablesMax) {
    db_->DestroyColumnFamilyHandle(made);
    return Error{Errc::internal, "store: too many tables"};
  }
  handles_[made->GetID()] = made;
  return Table{made->GetID()};
}

Status RocksStore::commit(const WriteBatch& batch, Sync sync) {
  rocksdb::WriteBatch changes;
  for (const WriteBatch::Change& change : batch.changes()) {
    rocksdb::ColumnFamilyHandle* table = handles_[change.table.id];
    rocksdb::Status added;
    switch (change.kind) {
      case WriteBatch::Change::Kind::put:
        added = changes.Put(table, change.key, change.value);
        break;
      case WriteBatch::Change::Kind::erase:
        added = changes.Delete(table, change.key);
        break;
      case WriteBatch::Change::Kind::erase_range:
        // RocksDB takes an inverted range for an error; here it is an empty one.
        if (change.key < change.value) {
          added = changes.DeleteRange(table, change.key, change.value);
        }
        break;
    }
    if (!added.ok()) return to_error(added, options_.folder);
  }
  return to_status(writer_->write(changes, sync == Sync::yes), options_.folder);
}

Status RocksStore::drop(Table table, std::string_view begin, std::string_view end) {
  // First the range in the memtable, so that nothing older can come back to light when whole files
  // go away under it.
  WriteBatch batch;
  batch.erase_range(table, begin, end);
  if (Status erased = commit(batch, Sync::yes); !erased) return erased;
  const rocksdb::Slice from(begin.data(), begin.size());
  const rocksdb::Slice to(end.data(), end.size());
  return to_status(rocksdb::DeleteFilesInRange(db_.get(), handles_[table.id], &from, &to, false),
                   options_.folder);
}

Status RocksStore::checkpoint(const std::string& folder) {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder);
  return to_status(status, options_.folder);
}

Usage RocksStore::usage() const {
  Usage usage;
  std::error_code ignored;  // files come and go meanwhile
  for (const auto& file : std::filesystem::directory_iterator(options_.folder, ignored)) {
    const std::uintmax_t bytes = file.file_size(ignored);
    if (!ignored) usage.disk_bytes += bytes;
  }
  usage.memory_bytes = cache_->GetUsage();
  for (const std::string& property : {rocksdb::DB::Properties::kSizeAllMemTables,
                                      rocksdb::DB::Properties::kEstimateTableReadersMem}) {
    std::uint64_t bytes = 0;
    if (db_->GetAggregatedIntProperty(property, &bytes)) usage.memory_bytes += bytes;
  }
  return usage;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks(const RocksOptions& options, Logger logger) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return Error{Errc::io, "store: the folder cannot be made: " + error.message()};
  return RocksStore::open(options, std::move(logger));
}

}  // namespace vitals::store
