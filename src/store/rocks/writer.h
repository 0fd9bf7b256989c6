#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include <rocksdb/db.h>

#include <vitals/base/log.h>

namespace vitals::store {

/// Writes to RocksDB, one batch at a time. Once the disk is full every write is refused at once,
/// while a background thread of RocksDB's makes it go on: that takes from a second up to as long as
/// its compactions find no room. Thread-safe.
class Writer {
 public:
  Writer(rocksdb::DB& db, vitals::Logger logger) : db_(db), logger_(std::move(logger)) {}
  /// Gives up on a full disk; what is in memory stays in the write-ahead log.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Errors: NoSpace while the disk is full; what RocksDB says.
  rocksdb::Status write(rocksdb::WriteBatch& changes, bool sync);

 private:
  void resume();
  bool start_new_log();

  rocksdb::DB& db_;
  vitals::Logger logger_;
  std::mutex mutex_;
  std::condition_variable changed_;  // full_ or stopping_
  rocksdb::Status full_;             // why nothing can be written; resume() is at work then
  bool stopping_ = false;
};

}  // namespace vitals::store
