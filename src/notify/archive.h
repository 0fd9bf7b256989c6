#pragma once

#include <algorithm>
#include <cstdint>

#include <vitals/store/store.h>

#include "row.h"

namespace vitals::notify {

/// The last so many finished notifications of one kind: the delivery log, or the dead letters.
/// Not thread-safe.
class Archive {
 public:
  static Result<Archive> open(const store::Store& store, store::Table table, Space space);
  /// Numbers from here on are free, whatever was there before.
  void number_from(std::uint64_t number) { next_ = std::max(next_, number); }
  /// Adds a row and takes away the one that is too many.
  void add(const Row& row, std::uint32_t rows_max, store::WriteBatch& changes);
  /// Takes away all that are too many, after the limit was lowered.
  void trim(std::uint32_t rows_max, store::WriteBatch& changes) const;

 private:
  Archive(store::Table table, Space space, std::uint64_t next)
      : table_(table), space_(space), next_(next) {}

  store::Table table_;
  Space space_;
  std::uint64_t next_;
};

}  // namespace vitals::notify
