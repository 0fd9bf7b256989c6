#include "duplicates.h"

#include <algorithm>
#include <bit>

#include <vitals/base/hash.h>

#include "block_reader.h"

namespace vitals::events {
namespace {

/// One row of the batches at hand.
struct RowRef {
  std::uint32_t batch;
  std::uint32_t row;
};

struct Suspicion {
  IdWindow::Range range;
  RowRef row;
};

/// Finds ids that come twice in the batches: an open-addressing set of row references.
class SeenRows {
 public:
  explicit SeenRows(std::size_t rows) : slots_(std::bit_ceil(rows * 2 + 1), RowRef{kFree, 0}) {}

  /// False when an equal id was added before.
  bool add(const std::vector<model::ExecutionBatch>& batches, const IdHashes& hashes, RowRef row) {
    const std::uint64_t hash = hashes.of[row.batch][row.row];
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
      const RowRef other = slots_[slot];
      if (other.batch == kFree) {
        slots_[slot] = row;
        return true;
      }
      if (hashes.of[other.batch][other.row] == hash &&
          batches[other.batch].ids.at(other.row) == batches[row.batch].ids.at(row.row)) {
        return false;
      }
    }
  }

 private:
  static constexpr std::uint32_t kFree = 0xffff'ffffU;
  std::vector<RowRef> slots_;
};

/// Looks ids up in the log. Asked in ascending order of position, it decodes each block once.
class LoggedIds {
 public:
  LoggedIds(const DedupScope& scope)
      : scope_(scope),
        snapshot_(scope.store.snapshot()),
        reader_(*snapshot_, scope.tables.blocks, names_) {}

  Result<bool> contains(IdWindow::Range range, std::string_view id, std::uint64_t hash) {
    range.begin = std::max(range.begin, scope_.first);
    while (range.begin < range.end) {
      if (range.begin < entry_.first || range.begin >= entry_.end) {
        const Result<bool> loaded = load(range);
        if (!loaded) return loaded.error();
        if (!*loaded) return false;
      }
      if (scope_.covers(entry_) && holds(range, id, hash)) return true;
      range.begin = entry_.end;
    }
    return false;
  }

 private:
  /// Makes the first block of the range the present one; false when there is none.
  Result<bool> load(const IdWindow::Range& range) {
    const IndexWalk walk(*snapshot_, scope_.tables.index, range.begin, range.end);
    if (!walk.status()) return walk.status().error();
    if (!walk.valid()) return false;
    entry_ = walk.entry();
    hashes_.clear();
    if (!scope_.covers(entry_)) return true;
    model::ColumnSet columns;
    columns.ids = true;
    const Result<bool> found = reader_.find(entry_.first, columns, block_);
    if (!found) return found.error();
    if (!*found) return true;  // expired since the snapshot, which may free blocks under it
    for (std::size_t row = 0; row < block_.rows.rows(); ++row) {
      hashes_.push_back(hash_of_id(block_.rows.ids.at(row)));
    }
    return true;
  }

  bool holds(const IdWindow::Range& range, std::string_view id, std::uint64_t hash) const {
    std::size_t row = 0;
    if (block_.positions.empty()) {
      row = range.begin > block_.first ? static_cast<std::size_t>(range.begin - block_.first) : 0;
    } else {
      const auto at =
          std::lower_bound(block_.positions.begin(), block_.positions.end(), range.begin);
      row = static_cast<std::size_t>(at - block_.positions.begin());
    }
    for (; row < hashes_.size() && block_.position(row) < range.end; ++row) {
      if (hashes_[row] == hash && block_.rows.ids.at(row) == id) return true;
    }
    return false;
  }

  const DedupScope& scope_;
  std::shared_ptr<const store::Snapshot> snapshot_;
  AnyName names_;
  BlockReader reader_;
  IndexEntry entry_;  // of block_; spans nothing at first
  Block block_;
  std::vector<std::uint64_t> hashes_;
};

std::vector<Suspicion> suspect(const IdHashes& hashes, const IdWindow& window) {
  constexpr std::size_t kAhead = 8;
  std::vector<Suspicion> suspicions;
  std::vector<IdWindow::Range> ranges;
  for (std::uint32_t batch = 0; batch < hashes.of.size(); ++batch) {
    const std::vector<std::uint64_t>& of = hashes.of[batch];
    for (std::uint32_t row = 0; row < of.size(); ++row) {
      if (row + kAhead < of.size()) window.prefetch(of[row + kAhead]);
      ranges.clear();
      window.find(of[row], ranges);
      for (const IdWindow::Range& range : ranges) suspicions.push_back({range, {batch, row}});
    }
  }
  std::sort(suspicions.begin(), suspicions.end(),
            [](const Suspicion& a, const Suspicion& b) { return a.range.begin < b.range.begin; });
  return suspicions;
}

}  // namespace

IdHashes::IdHashes(const std::vector<model::ExecutionBatch>& batches) {
  of.resize(batches.size());
  for (std::size_t batch = 0; batch < batches.size(); ++batch) {
    of[batch].reserve(batches[batch].rows());
    for (std::size_t row = 0; row < batches[batch].rows(); ++row) {
      of[batch].push_back(hash_of_id(batches[batch].ids.at(row)));
    }
  }
}

Result<std::vector<std::vector<std::uint32_t>>> find_new_rows(
    const std::vector<model::ExecutionBatch>& batches, const IdHashes& hashes,
    const IdWindow& window, const DedupScope& scope) {
  std::vector<std::vector<char>> known(batches.size());
  std::size_t rows = 0;
  for (std::size_t batch = 0; batch < batches.size(); ++batch) {
    known[batch].resize(batches[batch].rows(), 0);
    rows += batches[batch].rows();
  }
  if (const std::vector<Suspicion> suspicions = suspect(hashes, window); !suspicions.empty()) {
    LoggedIds logged(scope);
    for (const auto& [range, row] : suspicions) {
      if (known[row.batch][row.row] != 0) continue;
      const Result<bool> found =
          logged.contains(range, batches[row.batch].ids.at(row.row), hashes.of[row.batch][row.row]);
      if (!found) return found.error();
      known[row.batch][row.row] = *found ? 1 : 0;
    }
  }
  SeenRows seen(rows);
  std::vector<std::vector<std::uint32_t>> fresh(batches.size());
  for (std::uint32_t batch = 0; batch < batches.size(); ++batch) {
    fresh[batch].reserve(batches[batch].rows());
    for (std::uint32_t row = 0; row < batches[batch].rows(); ++row) {
      if (known[batch][row] == 0 && seen.add(batches, hashes, {batch, row})) {
        fresh[batch].push_back(row);
      }
    }
  }
  return fresh;
}

}  // namespace vitals::events
