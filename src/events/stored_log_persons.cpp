#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include <vitals/model/persons.h>

#include "block_reader.h"
#include "day.h"
#include "stored_log.h"

namespace vitals::events {
namespace {

void note_times(const Block& block, const std::vector<std::uint32_t>& rows, Anonymized& done) {
  for (const std::uint32_t row : rows) {
    const TimeMs time = block.rows.time_ms[row];
    done.from_ms = std::min(done.from_ms, time);
    done.to_ms = std::max(done.to_ms, time);
    done.days.insert(day_of(time));
  }
}

/// Those at or after `before` have come since.
void leave_out(const Block& block, Position before, std::vector<std::uint32_t>& rows) {
  std::erase_if(rows, [&](std::uint32_t row) { return block.position(row) >= before; });
}

}  // namespace

Result<Anonymized> StoredLog::anonymize(const model::Persons& persons,
                                        const model::Disguise& disguise, Position first,
                                        Position before, store::WriteBatch& changes) {
  const auto snapshot = store_.snapshot();
  NameReader source(*snapshot, tables_.names, name_cache_);
  model::ColumnSet names_only;
  for (const model::Label field : kNameFields) names_only.add(field);
  Anonymized done;
  IndexWalk walk(*snapshot, tables_.index, first, before);
  for (; walk.valid() && done.blocks < kBlocksAtOnce; walk.next()) {
    const IndexEntry& entry = walk.entry();
    done.next = std::min(entry.end, before);
    KeptNames names(source, entry.epoch);
    BlockReader reader(*snapshot, tables_.blocks, names);
    Block block;
    // Most blocks have nothing of them, and two columns say so.
    Status read = reader.read(entry, names_only, block);
    model::PersonalRows rows;
    if (read) {
      rows = model::rows_of(block.rows, persons);
      leave_out(block, before, rows.whole);
      leave_out(block, before, rows.session_only);
      if (rows.empty()) continue;
      read = reader.read(entry, model::ColumnSet::all(), block);
    }
    if (read) {
      read = anonymize_block(std::move(block), entry, rows, {disguise, {}}, names, changes, done);
    } else if (read.error().code == Errc::corruption) {
      logger_->error("events: nobody can be taken out of a damaged block: {}",
                     read.error().message);
      ++done.unreadable;
      continue;
    }
    if (!read) return std::move(read).error();
  }
  if (!walk.status()) return walk.status().error();
  if (!walk.valid()) done.next = before;
  if (done.blocks > 0) forget_rows(changes);
  return done;
}

Result<Anonymized> StoredLog::anonymize_old(TimeMs older_than,
                                            const model::Persons::Names& kept_tags,
                                            const model::Disguise& disguise, const Spares& spares,
                                            Position first, Position before,
                                            store::WriteBatch& changes) {
  const auto snapshot = store_.snapshot();
  NameReader source(*snapshot, tables_.names, name_cache_);
  const Droppable old{older_than, before, dedup_scope()};
  std::uint64_t epoch = 0;  // the newest of what is rewritten
  Anonymized done;
  IndexWalk walk(*snapshot, tables_.index, first, before);
  for (; walk.valid() && done.blocks < kBlocksAtOnce; walk.next()) {
    IndexEntry entry = walk.entry();
    done.next = std::min(entry.end, before);
    if (entry.nobodys || entry.max_ms >= old.before_ms || !old.may_go(entry)) continue;
    if (spares(entry.min_ms, entry.max_ms)) continue;
    KeptNames names(source, entry.epoch);
    BlockReader reader(*snapshot, tables_.blocks, names);
    Block block;
    Status read = reader.read(entry, model::ColumnSet::all(), block);
    if (!read && read.error().code == Errc::corruption) {
      ++done.unreadable;
      continue;
    }
    if (!read) return std::move(read).error();
    model::PersonalRows rows;
    rows.whole.resize(block.rows.rows());
    std::iota(rows.whole.begin(), rows.whole.end(), 0U);
    entry.nobodys = true;
    epoch = std::max(epoch, entry.epoch);
    Status rewritten =
        anonymize_block(std::move(block), entry, rows, {disguise, kept_tags}, names, changes, done);
    if (!rewritten) return std::move(rewritten).error();
  }
  if (!walk.status()) return walk.status().error();
  if (!walk.valid()) done.next = before;
  if (epoch >= epoch_at_hand()) forget_rows(changes);
  return done;
}

Status StoredLog::anonymize_block(Block block, const IndexEntry& entry,
                                  const model::PersonalRows& rows, const Forgetting& forgetting,
                                  KeptNames& names, store::WriteBatch& changes, Anonymized& done) {
  model::anonymize(block.rows, rows, forgetting.disguise, forgetting.kept_tags);
  drop_block(changes, entry);
  if (Status rewritten = rewrite(block, entry, names, changes); !rewritten) return rewritten;
  note_times(block, rows.whole, done);
  note_times(block, rows.session_only, done);
  done.rows += rows.whole.size();
  for (const std::uint32_t row : rows.whole) done.signals += block.rows.is_execution(row) ? 0 : 1;
  done.session_only += rows.session_only.size();
  ++done.blocks;
  done.first_block = std::min(done.first_block, entry.first);
  done.last_block = std::max(done.last_block, entry.first);
  return {};
}

Result<TimeMs> StoredLog::oldest() const {
  const auto snapshot = store_.snapshot();
  TimeMs oldest = std::numeric_limits<TimeMs>::max();
  IndexWalk walk(*snapshot, tables_.index, 0, std::numeric_limits<Position>::max());
  for (; walk.valid(); walk.next()) oldest = std::min(oldest, walk.entry().min_ms);
  if (!walk.status()) return walk.status().error();
  return oldest;
}

Result<bool> StoredLog::purge(Position first_block, Position last_block) {
  const auto blocks =
      store_.purge(tables_.blocks, block_key(first_block), block_key(last_block) + '\0');
  if (!blocks) return blocks.error();
  const auto names = store_.purge(tables_.names, {}, {});
  if (!names) return names.error();
  return *blocks && *names;
}

}  // namespace vitals::events
