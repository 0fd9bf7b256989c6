#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/store/store.h>

#include "archive.h"
#include "row.h"

namespace vitals::notify {

struct StoredRow {
  std::string key;
  Result<Row> row;
};

/// The rows between two keys as they are committed, at most so many. Thread-safe.
Result<std::vector<StoredRow>> rows_between(const store::Snapshot& snapshot, store::Table table,
                                            const std::string& begin, const std::string& end,
                                            std::size_t rows_max = SIZE_MAX);

/// The outbox's rows in the store. What is decided about them is gathered and takes effect with
/// commit(); a commit that fails keeps it for the next, so nothing has to be decided twice.
/// Not thread-safe.
class Ledger {
 public:
  /// Takes over rows that an earlier version wrote. Errors: those of the store.
  static Result<std::unique_ptr<Ledger>> open(store::Store& store, Logger logger);

  store::Table table() const { return table_; }
  /// The number of the next row that waits, at the start.
  std::uint64_t next_number() const { return next_number_; }
  /// Rows that wait and were not read before, oldest first: it sees what others commit.
  Result<std::vector<StoredRow>> unread(std::size_t rows_max);
  Result<std::vector<StoredRow>> all(Space space) const;
  /// Of one space, from a key on.
  Result<std::vector<StoredRow>> from(const std::string& key, Space space) const;
  /// Nothing when there is none under that key.
  Result<std::optional<Row>> read(const std::string& key) const;

  void put(const std::string& key, const Row& row) { changes_.put(table_, key, encode(row)); }
  void erase(const std::string& key) { changes_.erase(table_, key); }
  /// Moves a row that waits to the log or the dead letters; what has no row of its own has no key.
  void finish(const std::string& key, Row row);
  /// Moves a dead letter to those that wait. Returns its new key.
  std::string put_back(const std::string& key, Row& row);
  /// As many finished ones of each kind are kept.
  void keep(std::uint32_t rows_max);

  /// Takes persons' pseudonyms out of all rows, at once.
  Result<std::uint64_t> forget(const model::Persons& persons);

  bool has_changes() const { return !changes_.empty(); }
  /// Logs the first of several failures.
  Status commit(store::Sync sync);

 private:
  Ledger(store::Store& store, Logger logger, store::Table table, Archive log, Archive dead)
      : store_(store), logger_(std::move(logger)), table_(table), log_(log), dead_(dead) {}
  Status take_over_old_rows();

  store::Store& store_;
  Logger logger_;
  store::Table table_;
  Archive log_;
  Archive dead_;
  std::uint32_t rows_max_ = 0;
  std::uint64_t next_number_ = 0;
  std::uint64_t next_unread_ = 0;
  store::WriteBatch changes_;
  bool storing_ = true;  ///< the last commit was taken
};

}  // namespace vitals::notify
