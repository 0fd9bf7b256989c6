#include <algorithm>

#include "block_reader.h"
#include "day.h"
#include "stored_log.h"

namespace vitals::events {
namespace {

/// The rows at positions[first], … that lie in the block.
std::vector<EventLog::RowAt> rows_at(const Block& block, std::span<const Position> positions,
                                     std::size_t first, std::size_t end) {
  std::vector<EventLog::RowAt> found;
  std::uint32_t row = 0;
  for (std::size_t which = first; which < end; ++which) {
    while (row < block.rows.rows() && block.position(row) < positions[which]) ++row;
    if (row == block.rows.rows()) break;
    if (block.position(row) == positions[which]) found.push_back({row, which});
  }
  return found;
}

}  // namespace

Result<Revised> StoredLog::revise(std::span<const Position> positions, std::size_t first,
                                  const Revise& change, store::WriteBatch& changes) {
  const auto snapshot = store_.snapshot();
  NameReader source(*snapshot, tables_.names, name_cache_);
  Revised done;
  done.next = first;
  for (int blocks = 0; done.next < positions.size() && blocks < kBlocksAtOnce; ++blocks) {
    const Position wanted = positions[done.next];
    IndexWalk walk(*snapshot, tables_.index, wanted, wanted + 1);
    if (!walk.status()) return walk.status().error();
    const Position end = walk.valid() ? walk.entry().end : wanted + 1;
    const auto after = std::lower_bound(positions.begin() + static_cast<std::ptrdiff_t>(done.next),
                                        positions.end(), end);
    const auto next = static_cast<std::size_t>(after - positions.begin());
    if (walk.valid()) {
      const IndexEntry& entry = walk.entry();
      KeptNames names(source, entry.epoch);
      BlockReader reader(*snapshot, tables_.blocks, names);
      Block block;
      Status read = reader.read(entry, model::ColumnSet::all(), block);
      if (read) {
        const std::vector<RowAt> rows = rows_at(block, positions, done.next, next);
        const std::vector<std::uint32_t> changed = change(block.rows, rows);
        for (const std::uint32_t row : changed) done.days.insert(day_of(block.rows.time_ms[row]));
        if (!changed.empty()) read = rewrite(block, entry, names, changes);
      } else if (read.error().code == Errc::corruption) {
        // What is in it is not found; `verify` names it.
        logger_->error("events: nothing can be changed in a damaged block: {}",
                       read.error().message);
        read = {};
      }
      if (!read) return std::move(read).error();
    }
    done.next = next;
  }
  return done;
}

Status StoredLog::rewrite(const Block& block, const IndexEntry& entry, KeptNames& names,
                          store::WriteBatch& changes) {
  const Result<std::string> bytes = rewriter_.encode(
      {block.rows, 0, block.rows.rows(), entry.first, block.positions, entry.arrival_ms}, &names);
  if (!bytes) return bytes.error();
  IndexEntry rewritten = entry;
  rewritten.bytes = bytes->size();
  put_block(changes, rewritten, *bytes);
  return {};
}

}  // namespace vitals::events
