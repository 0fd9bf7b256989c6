#include "archive.h"

namespace vitals::notify {

Result<Archive> Archive::open(const store::Store& store, store::Table table, Space space) {
  const auto snapshot = store.snapshot();
  const auto newest =
      snapshot->scan(table, begin_of(space), end_of(space), store::Direction::backward);
  if (newest->valid()) return Archive(table, space, number_of(newest->key()) + 1);
  if (auto status = newest->status(); !status) return std::move(status).error();
  return Archive(table, space, 0);
}

void Archive::add(const Row& row, std::uint32_t rows_max, store::WriteBatch& changes) {
  const std::uint64_t number = next_++;
  changes.put(table_, numbered_key(space_, number), encode(row));
  if (number >= rows_max) changes.erase(table_, numbered_key(space_, number - rows_max));
}

void Archive::trim(std::uint32_t rows_max, store::WriteBatch& changes) const {
  if (next_ <= rows_max) return;
  changes.erase_range(table_, numbered_key(space_, 0), numbered_key(space_, next_ - rows_max));
}

}  // namespace vitals::notify
