#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::store {

/// A named, ordered space of keys. Cheap to copy; valid as long as its store.
struct Table {
  std::uint32_t id = 0;
};

/// Changes that take effect together or not at all. A plain value.
class WriteBatch {
 public:
  void put(Table table, std::string_view key, std::string_view value);
  void erase(Table table, std::string_view key);
  /// All keys in [begin, end).
  void erase_range(Table table, std::string_view begin, std::string_view end);
  bool empty() const { return changes_.empty(); }

  struct Change {
    enum class Kind : std::uint8_t { put, erase, erase_range };
    Kind kind;
    Table table;
    std::string key;    ///< begin of a range
    std::string value;  ///< end of a range
  };
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

/// Walks keys in order over one snapshot. Not thread-safe.
///
///     for (auto cursor = snapshot->scan(table, from, to); cursor->valid(); cursor->next()) …
///     if (!cursor->status()) …   // a walk that stopped on damage is not a walk that ended
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool valid() const = 0;
  virtual void next() = 0;
  virtual std::string_view key() const = 0;    ///< until next()
  virtual std::string_view value() const = 0;  ///< until next()
  virtual Status status() const = 0;
};

enum class Direction : std::uint8_t { forward, backward };

/// A value where the store holds it. Must not outlive its store.
class Value {
 public:
  virtual ~Value() = default;
  virtual std::string_view bytes() const = 0;
};

/// Whether bytes that were read are worth memory, or would only push out others.
enum class Cached : bool { no, yes };

/// The store as it was at one moment. Thread-safe; must not outlive its store.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  /// For large values that bear a checksum of their own: without a copy, and without the store's
  /// check of the bytes. Null when the key is not there.
  virtual Result<std::unique_ptr<const Value>> borrow(Table table, std::string_view key,
                                                      Cached cached) const;
  /// Nothing when the key is not there; an error only when the bytes cannot be read.
  virtual Result<std::optional<std::string>> get(Table table, std::string_view key) const = 0;
  /// Keys in [begin, end); an empty `end` is the end of the table.
  virtual std::unique_ptr<Cursor> scan(Table table, std::string_view begin, std::string_view end,
                                       Direction direction = Direction::forward) const = 0;
};

/// Whether commit() waits until the change is on stable storage.
enum class Sync : bool { no, yes };

/// What opening found damaged and left behind. Empty after a clean stop; after a crash in the
/// middle of a commit it names that commit, which was never acknowledged.
struct RecoveryReport {
  std::vector<std::string> findings;  ///< one sentence each, fit for the log
};

struct Usage {
  std::uint64_t disk_bytes = 0;    ///< files of the store
  std::uint64_t live_bytes = 0;    ///< of them, those that hold what is in tables
  std::uint64_t memory_bytes = 0;  ///< memtables, caches, table readers
};

/// Ordered bytes in named tables, with atomic synced commits and snapshots. Thread-safe.
/// Errors: resource_exhausted when the disk is full (a later commit succeeds once there is room
/// again, without a restart; reads go on), io when the disk fails, corruption when stored bytes
/// are damaged.
class Store {
 public:
  virtual ~Store() = default;
  /// The table of this name, made if new. Names are [a-z0-9_]+. Call at start-up.
  virtual Result<Table> table(std::string_view name) = 0;
  /// After success with Sync::yes nothing short of losing the disk loses the change.
  virtual Status commit(const WriteBatch& batch, Sync sync) = 0;
  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
  /// Removes [begin, end) for good and frees its files at once, at no cost to commit(). Snapshots
  /// taken before may no longer find what was there.
  virtual Status drop(Table table, std::string_view begin, std::string_view end) = 0;
  /// What has been overwritten or erased up to now is what purge() is about from now on.
  virtual void begin_purge() {}
  /// Rewrites the files that hold [begin, end), so that what was overwritten or erased there before
  /// begin_purge(), or without one before the call, is in no file any more, the write-ahead log
  /// included. False while a snapshot that was taken earlier may hold on to some of it: to be
  /// called again. Waits for the disk; commits go on meanwhile. A store without files has nothing
  /// to do.
  virtual Result<bool> purge(Table table, std::string_view begin, std::string_view end);
  /// A consistent copy in a new folder, by hard links where the file system has them.
  virtual Status checkpoint(const std::string& folder) = 0;
  virtual Usage usage() const = 0;
  virtual const RecoveryReport& recovery() const = 0;
};

}  // namespace vitals::store
