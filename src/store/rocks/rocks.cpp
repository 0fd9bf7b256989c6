#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <limits>
#include <mutex>

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/utilities/checkpoint.h>

#include <vitals/store/rocks.h>

#include "database.h"
#include "info_log.h"
#include "options.h"
#include "snapshot.h"
#include "taken_only.h"
#include "translate.h"

namespace vitals::store {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{200};
constexpr std::chrono::milliseconds kBetweenTries{2'000};
constexpr std::chrono::milliseconds kFirstPauseMax{60'000};
constexpr std::uint64_t kSpareBytes = 1ULL << 20;
/// Tables are not rewritten at the end beyond so many bytes together, nor than background work may
/// write in two seconds: a stop is not to wait for it. RocksDB has compacted most by then.
constexpr std::uint64_t kTidiedBytesMax = 256ULL << 20;
constexpr std::uint64_t kTidiedSeconds = 2;
/// One erasure among so many entries makes a table worth it.
constexpr std::uint64_t kTidiedEntries = 8;
/// Two shards: RocksDB would make many of half a megabyte, into which one of our values fits.
constexpr int kCacheShardBits = 1;

Error disk_full() { return {Errc::resource_exhausted, "store: the disk is full"}; }

/// While the disk is full writes are refused at once, and a job on RocksDB's own threads waits for
/// room to close and open the database (docs/adr/0004: why not Resume()); reads mostly go on.
class RocksStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> open(const RocksOptions& options, Logger logger);
  ~RocksStore() override;

  Result<Table> table(std::string_view name) override;
  Status commit(const WriteBatch& batch, Sync sync) override;
  std::shared_ptr<const Snapshot> snapshot() const override;
  Status drop(Table table, std::string_view begin, std::string_view end) override;
  void begin_purge() override {
    if (const auto open = database()) purge_since_ = open->db().GetLatestSequenceNumber();
  }
  Result<bool> purge(Table table, std::string_view begin, std::string_view end) override;
  Status checkpoint(const std::string& folder) override;
  Usage usage() const override;
  const RecoveryReport& recovery() const override { return recovery_; }

 private:
  RocksStore(RocksOptions options, Logger logger)
      : options_(std::move(options)),
        logger_(std::move(logger)),
        cache_(rocksdb::NewLRUCache(options_.cache_bytes, kCacheShardBits)),
        info_log_(std::make_shared<InfoLog>(logger_, options_.folder)) {}

  rocksdb::Env& env() const {
    return options_.env != nullptr ? *options_.env : *rocksdb::Env::Default();
  }
  /// Keeps the database open. Waits while it is being opened again; null when that goes wrong.
  std::shared_ptr<Database> database() const;
  Status open_database(Database::Mode mode, std::unique_ptr<rocksdb::WalFilter> filter);
  static rocksdb::Status flush_all(Database& database);
  /// Frees what was erased: compaction in the background waits for more than a small folder has.
  rocksdb::Status tidy();
  /// From any thread, RocksDB's too, which has then stopped in the background.
  void disk_is_full(bool in_background);
  void wait_for_room();
  enum class Reopened : std::uint8_t { yes, not_now, failed };
  Reopened reopen();

  const RocksOptions options_;
  Logger logger_;
  const std::shared_ptr<rocksdb::Cache> cache_;
  const std::shared_ptr<InfoLog> info_log_;
  RecoveryReport recovery_;
  std::mutex making_table_;

  std::mutex writing_;
  rocksdb::SequenceNumber taken_ = 0;  ///< of the last batch; under writing_
  Error refusal_ = disk_full();        ///< while full_; under writing_

  mutable std::mutex mutex_;  ///< after writing_
  mutable std::condition_variable changed_;
  std::shared_ptr<Database> database_;  ///< null when it could not even be opened to be read
  std::atomic<int> jobs_{0};            ///< that wait for room

  std::mutex starting_;  ///< of jobs; innermost
  std::atomic<bool> full_{false};
  std::atomic<rocksdb::SequenceNumber> purge_since_{0};  ///< 0: not begun
  std::atomic<bool> stopping_{false};
  std::chrono::milliseconds first_pause_{0};  ///< of the next job
  std::atomic<bool> used_{true};              ///< something was committed since it was opened
};

Result<std::unique_ptr<Store>> RocksStore::open(const RocksOptions& options, Logger logger) {
  std::unique_ptr<RocksStore> store(new RocksStore(options, std::move(logger)));
  const auto mode = options.read_only ? Database::Mode::read_only : Database::Mode::read_write;
  if (Status opened = store->open_database(mode, nullptr); !opened) {
    return std::move(opened).error();
  }
  if (options.read_only) {  // as one whose disk is full, for good
    store->full_ = true;
    store->refusal_ = {Errc::permission_denied, "store: it is open to be read only"};
  }
  store->recovery_.findings = store->info_log_->opened();
  return std::unique_ptr<Store>(std::move(store));
}

Status RocksStore::open_database(Database::Mode mode, std::unique_ptr<rocksdb::WalFilter> filter) {
  rocksdb::DBOptions options = database_options(options_, [this] { disk_is_full(true); });
  options.info_log = info_log_;
  auto opened = Database::open(options, table_options(options_, cache_), options_.folder, mode,
                               std::move(filter));
  if (!opened) return std::move(opened).error();
  database_ = *std::move(opened);
  taken_ = database_->db().GetLatestSequenceNumber();
  return {};
}

RocksStore::~RocksStore() {
  {
    const std::lock_guard lock(starting_);
    stopping_ = true;
  }
  {
    std::unique_lock lock(mutex_);
    changed_.notify_all();
    changed_.wait(lock, [this] { return jobs_ == 0; });
  }
  if (database_ == nullptr || full_) return;
  // Nothing is lost without this, but the next start need not replay the write-ahead log.
  if (const rocksdb::Status flushed = flush_all(*database_); !flushed.ok()) {
    logger_->warn("store: not flushed at the end, the next start replays its log: {}",
                  to_error(flushed, options_.folder).message);
    return;
  }
  if (const rocksdb::Status tidied = tidy(); !tidied.ok()) {
    logger_->warn("store: what was erased still takes room: {}",
                  to_error(tidied, options_.folder).message);
  }
}

rocksdb::Status RocksStore::flush_all(Database& database) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  for (const auto& handle : database.handles()) {
    if (handle != nullptr) handles.push_back(handle);
  }
  return database.db().Flush(rocksdb::FlushOptions(), handles);
}

rocksdb::Status RocksStore::tidy() {
  rocksdb::DB& db = database_->db();
  const std::uint64_t rate = options_.io_bytes_per_second;  // 0 is no limit
  std::uint64_t left =
      rate == 0 ? kTidiedBytesMax : std::min(kTidiedBytesMax, rate * kTidiedSeconds);
  for (rocksdb::ColumnFamilyHandle* table : database_->handles()) {
    if (table == nullptr) continue;
    rocksdb::TablePropertiesCollection files;
    if (rocksdb::Status read = db.GetPropertiesOfAllTables(table, &files); !read.ok()) return read;
    std::uint64_t entries = 0, erasures = 0, bytes = 0;
    for (const auto& [name, file] : files) {
      entries += file->num_entries;
      erasures += file->num_deletions;  // of ranges too
      bytes += file->data_size;
    }
    if (erasures * kTidiedEntries < entries || erasures == 0 || bytes > left) continue;
    left -= bytes;
    const rocksdb::CompactRangeOptions everything;
    if (rocksdb::Status done = db.CompactRange(everything, table, nullptr, nullptr); !done.ok()) {
      return done;
    }
  }
  return {};
}

std::shared_ptr<Database> RocksStore::database() const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kBetweenTries, [this] { return database_ != nullptr; });
  return database_;
}

std::shared_ptr<const Snapshot> RocksStore::snapshot() const {
  auto database = this->database();
  if (database == nullptr) return no_snapshot();
  return std::make_shared<RocksSnapshot>(std::move(database), options_.folder);
}

void RocksStore::disk_is_full(bool in_background) {
  const std::lock_guard lock(starting_);
  if (stopping_ || full_.exchange(true)) return;
  // A compaction that finds no room again and again must not have the store opened in a loop.
  const bool in_vain = in_background && !used_;
  first_pause_ = in_vain ? std::clamp(2 * first_pause_, kBetweenTries, kFirstPauseMax)
                         : std::chrono::milliseconds(0);
  ++jobs_;
  // Beside the one that a database being closed may need for its flushes.
  env().IncBackgroundThreadsIfNeeded(1 + 1, rocksdb::Env::Priority::HIGH);
  env().Schedule([](void* store) { static_cast<RocksStore*>(store)->wait_for_room(); }, this,
                 rocksdb::Env::Priority::HIGH);
}

void RocksStore::wait_for_room() {
  std::unique_lock starting(starting_);
  auto pause = first_pause_;
  starting.unlock();
  while (full_) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, pause, [this] { return stopping_.load(); })) break;
    }
    const Reopened reopened = reopen();
    if (reopened == Reopened::yes) break;
    pause = reopened == Reopened::failed ? kBetweenTries : kBetweenLooks;
  }
  const std::lock_guard lock(mutex_);
  --jobs_;
  changed_.notify_all();
}

RocksStore::Reopened RocksStore::reopen() {
  std::uint64_t room = std::numeric_limits<std::uint64_t>::max();  // when it cannot be asked
  (void)env().GetFileSystem()->GetFreeSpace(options_.folder, rocksdb::IOOptions(), &room, nullptr);
  if (room < kSpareBytes) return Reopened::not_now;
  const std::lock_guard writing(writing_);
  const std::lock_guard lock(mutex_);
  if (!full_) return Reopened::yes;                                      // another job was first
  if (stopping_ || database_.use_count() > 1) return Reopened::not_now;  // somebody reads
  database_.reset();
  full_ = false;
  const rocksdb::SequenceNumber taken = taken_;
  Status opened = open_database(Database::Mode::read_write, std::make_unique<TakenOnly>(taken));
  if (opened) {
    logger_->info("store: opened again after the disk was full");
    refusal_ = disk_full();
    used_ = false;
  } else {
    // Most often too little room for writing out what the logs hold.
    full_ = true;
    if (opened.error().message != refusal_.message) {
      logger_->warn("store: reading only, it cannot go on yet: {}", opened.error().message);
    }
    refusal_ = opened.error();
    opened = open_database(Database::Mode::read_only, std::make_unique<TakenOnly>(taken));
    if (!opened) logger_->error("store: it cannot be read now: {}", opened.error().message);
  }
  changed_.notify_all();
  return full_ ? Reopened::failed : Reopened::yes;
}

Result<Table> RocksStore::table(std::string_view name) {
  const std::lock_guard lock(making_table_);
  const auto database = this->database();
  if (database == nullptr) return not_open();
  for (const auto& handle : database->handles()) {
    if (handle != nullptr && handle.load()->GetName() == name) return Table{handle.load()->GetID()};
  }
  if (options_.read_only) {  // RocksDB itself would make it
    return Error{Errc::not_found, "store: there is no table " + std::string(name)};
  }
  rocksdb::ColumnFamilyHandle* made = nullptr;
  const rocksdb::Status status =
      database->db().CreateColumnFamily(table_options(options_, cache_), std::string(name), &made);
  if (!status.ok()) return to_error(status, options_.folder);
  const Table table{made->GetID()};
  if (!database->add(made)) return Error{Errc::internal, "store: too many tables"};
  return table;
}

Status RocksStore::commit(const WriteBatch& batch, Sync sync) {
  const std::lock_guard lock(writing_);
  if (full_) return refusal_;
  const auto database = this->database();
  if (database == nullptr) return not_open();
  rocksdb::WriteBatch changes;
  for (const WriteBatch::Change& change : batch.changes()) {
    rocksdb::ColumnFamilyHandle* table = database->handle(change.table);
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
  rocksdb::WriteOptions options;
  options.sync = sync == Sync::yes;
  const rocksdb::Status written = database->db().Write(options, &changes);
  if (written.ok()) {
    taken_ = database->db().GetLatestSequenceNumber();
    used_ = true;
  } else if (written.IsNoSpace() || (written.IsIncomplete() && full_)) {
    disk_is_full(false);  // Incomplete: it waited for a compaction, and that found no room
    return disk_full();
  }
  return to_status(written, options_.folder);
}

Status RocksStore::drop(Table table, std::string_view begin, std::string_view end) {
  // First the range in the memtable, so that nothing older can come back to light when whole files
  // go away under it.
  WriteBatch batch;
  batch.erase_range(table, begin, end);
  if (Status erased = commit(batch, Sync::yes); !erased) return erased;
  const rocksdb::Slice from(begin.data(), begin.size());
  const rocksdb::Slice to(end.data(), end.size());
  const auto database = this->database();
  if (database == nullptr) return not_open();
  return to_status(
      rocksdb::DeleteFilesInRange(&database->db(), database->handle(table), &from, &to, false),
      options_.folder);
}

Result<bool> RocksStore::purge(Table table, std::string_view begin, std::string_view end) {
  const auto database = this->database();
  if (database == nullptr) return not_open();
  if (full_) return disk_full();
  rocksdb::DB& db = database->db();
  std::uint64_t since = purge_since_;
  if (since == 0) since = db.GetLatestSequenceNumber();
  std::uint64_t oldest = 0;  // of all snapshots; 0 when there is none
  const bool known = db.GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest);
  if (!known || (oldest != 0 && oldest < since)) return false;  // it would be in vain
  rocksdb::Status done = flush_all(*database);                  // the logs go with it
  if (done.ok()) {
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = false;  // flushes of what is written meanwhile go on
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    const rocksdb::Slice from(begin.data(), begin.size());
    const rocksdb::Slice to(end.data(), end.size());
    done = db.CompactRange(options, database->handle(table), begin.empty() ? nullptr : &from,
                           end.empty() ? nullptr : &to);
  }
  if (!done.ok()) return to_error(done, options_.folder);
  return true;
}

Status RocksStore::checkpoint(const std::string& folder) {
  const auto database = this->database();
  if (database == nullptr) return not_open();
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(&database->db(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder);
  if (status.ok()) return {};
  Error error = to_error(status, options_.folder);
  error.message = without_folder(std::move(error.message), folder);
  return error;
}

Usage RocksStore::usage() const {
  Usage usage;
  std::error_code ignored;  // files come and go meanwhile
  for (const auto& file : std::filesystem::directory_iterator(options_.folder, ignored)) {
    const std::uintmax_t bytes = file.file_size(ignored);
    if (!ignored) usage.disk_bytes += bytes;
  }
  usage.memory_bytes = cache_->GetUsage();
  const auto database = this->database();
  if (database == nullptr) return usage;
  for (const auto& [property, sum] :
       {std::pair{rocksdb::DB::Properties::kSizeAllMemTables, &usage.memory_bytes},
        std::pair{rocksdb::DB::Properties::kEstimateTableReadersMem, &usage.memory_bytes},
        std::pair{rocksdb::DB::Properties::kLiveSstFilesSize, &usage.live_bytes}}) {
    std::uint64_t bytes = 0;
    if (database->db().GetAggregatedIntProperty(property, &bytes)) *sum += bytes;
  }
  return usage;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks(const RocksOptions& options, Logger logger) {
  std::error_code error;
  if (!options.read_only) std::filesystem::create_directories(options.folder, error);
  if (error) return Error{Errc::io, "store: the folder cannot be made: " + error.message()};
  return RocksStore::open(options, std::move(logger));
}

}  // namespace vitals::store
