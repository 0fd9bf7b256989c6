#include "writer.h"

#include <chrono>

#include <rocksdb/convenience.h>
#include <rocksdb/env.h>

namespace vitals::store {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{200};

}  // namespace

Writer::~Writer() {
  std::unique_lock lock(mutex_);
  if (full_.ok()) return;
  stopping_ = true;
  lock.unlock();
  changed_.notify_all();
  // Resume() only comes back from a disk that stays full when all background work is called off.
  rocksdb::CancelAllBackgroundWork(&db_, false);
  lock.lock();
  changed_.wait(lock, [this] { return full_.ok(); });
}

rocksdb::Status Writer::write(rocksdb::WriteBatch& changes, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  const std::lock_guard lock(mutex_);
  if (!full_.ok()) return full_;
  const rocksdb::Status written = db_.Write(options, &changes);
  if (written.IsNoSpace()) {
    full_ = written;
    constexpr auto kFlushes = rocksdb::Env::Priority::HIGH;
    db_.GetEnv()->IncBackgroundThreadsIfNeeded(1 + 1, kFlushes);  // resume() itself needs a flush
    db_.GetEnv()->Schedule([](void* writer) { static_cast<Writer*>(writer)->resume(); }, this,
                           kFlushes);
  }
  return written;
}

void Writer::resume() {
  while (!start_new_log()) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kBetweenTries, [this] { return stopping_; })) break;
  }
  const std::lock_guard lock(mutex_);
  if (!stopping_) logger_->info("store: there is room on the disk again");
  full_ = rocksdb::Status::OK();
  changed_.notify_all();
}

/// Goes on after the disk was full: everything in memory is written to tables, and a new
/// write-ahead log is started. False while there is too little room for that.
///
/// RocksDB 7.8 must never touch again the log file whose write failed: it asserts so, and Debian
/// ships the assertion. Resume() leaves that file only if there is a memtable to flush, and only if
/// RocksDB has stopped; and if it stops while a flush is scheduled but not yet begun, that flush
/// is never done and Resume() waits for it for ever. So RocksDB does not stop when its log fails
/// (see FullDisk); here background work is let finish, then a key that is not logged goes into a
/// memtable, and flushing that stops RocksDB at the failed log. Now Resume() does what it says.
bool Writer::start_new_log() {
  if (!db_.Resume().ok()) return false;  // it had stopped if it was a flush that found no room
  if (!db_.PauseBackgroundWork().ok()) return false;
  rocksdb::WriteOptions not_logged;
  not_logged.disableWAL = true;
  not_logged.no_slowdown = true;
  rocksdb::FlushOptions at_once;
  at_once.wait = false;
  at_once.allow_write_stall = true;
  rocksdb::Status left = db_.Put(not_logged, "new log", "");
  if (left.ok()) left = db_.Flush(at_once);
  if (!db_.ContinueBackgroundWork().ok()) return false;
  // Neither done nor stopped is possible while writes are stalled: then not yet.
  return (left.ok() || left.IsNoSpace()) && db_.Resume().ok();
}

}  // namespace vitals::store
