#include "block_index.h"

#include <algorithm>
#include <limits>

#include <vitals/store/keys.h>

#include "codec/bytes.h"

namespace vitals::events {
namespace {

/// The second came with epochs of names, the third with signals, the fourth is the third of a block
/// that is nobody's; entries without stay as they were.
constexpr std::uint8_t kEntryWithoutNames = 1;
constexpr std::uint8_t kEntryWithNames = 2;
constexpr std::uint8_t kEntryWithSignals = 3;
constexpr std::uint8_t kEntryOfNobody = 4;
constexpr std::size_t kKeyBytes = 8;
constexpr std::string_view kEndKey = "end";
constexpr std::string_view kDroppedBeforeKey = "dropped_before";
constexpr std::string_view kUnusedNamesKey = "unused_names/";  // + epoch

std::uint64_t distance(TimeMs from, TimeMs to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}
TimeMs after(TimeMs from, std::uint64_t distance) {
  return static_cast<TimeMs>(static_cast<std::uint64_t>(from) + distance);
}

/// The key range of positions [first, end): an end past all keys is an empty key.
std::string end_key(Position end) {
  return end == std::numeric_limits<Position>::max() ? std::string() : block_key(end);
}

}  // namespace

std::string block_key(Position first) {
  std::string key;
  store::put_u64(key, first);
  return key;
}

std::string encode(const IndexEntry& entry) {
  std::string value;
  const std::uint8_t version = entry.nobodys        ? kEntryOfNobody
                               : entry.signals != 0 ? kEntryWithSignals
                               : entry.epoch != 0   ? kEntryWithNames
                                                    : kEntryWithoutNames;
  put_u8(value, version);
  put_varint(value, entry.end - entry.first);
  put_varint(value, entry.rows);
  put_zigzag(value, entry.min_ms);
  put_varint(value, distance(entry.min_ms, entry.max_ms));
  put_zigzag(value, entry.arrival_ms);
  put_varint(value, entry.bytes);
  if (version >= kEntryWithNames) put_varint(value, entry.epoch);
  if (version >= kEntryWithSignals) put_varint(value, entry.signals);
  return value;
}

Result<IndexEntry> decode_entry(std::string_view key, std::string_view value) {
  if (key.size() != kKeyBytes) return Error{Errc::corruption, "event index: a key is damaged"};
  IndexEntry entry;
  entry.first = store::get_u64(key);
  ByteReader in(value);
  const std::uint8_t version = in.u8();
  const std::uint64_t span = in.varint();
  const std::uint64_t rows = in.varint();
  entry.min_ms = in.zigzag();
  entry.max_ms = after(entry.min_ms, in.varint());
  entry.arrival_ms = in.zigzag();
  entry.bytes = in.varint();
  if (version >= kEntryWithNames) entry.epoch = in.varint();
  const std::uint64_t signals = version >= kEntryWithSignals ? in.varint() : 0;
  entry.end = entry.first + span;
  entry.rows = static_cast<std::uint32_t>(rows);
  entry.signals = static_cast<std::uint32_t>(signals);
  entry.nobodys = version == kEntryOfNobody;
  if (!in.ok() || !in.at_end() || version < kEntryWithoutNames || version > kEntryOfNobody ||
      rows == 0 || signals > rows || rows > span ||
      span > std::numeric_limits<std::uint32_t>::max() || entry.end < entry.first) {
    return Error{Errc::corruption,
                 "event index: the entry of block " + std::to_string(entry.first) + " is damaged"};
  }
  return entry;
}

Result<std::optional<IndexEntry>> last_entry(const store::Snapshot& snapshot, store::Table index,
                                             Position end) {
  using Found = std::optional<IndexEntry>;
  if (end == 0) return Found();
  const auto cursor = snapshot.scan(index, "", end_key(end), store::Direction::backward);
  if (!cursor->valid()) {
    if (Status status = cursor->status(); !status) return std::move(status).error();
    return Found();
  }
  Result<IndexEntry> entry = decode_entry(cursor->key(), cursor->value());
  if (!entry) return std::move(entry).error();
  return Found(*entry);
}

void put_log_end(store::WriteBatch& changes, store::Table state, Position end) {
  changes.put(state, kEndKey, block_key(end));
}

Result<Position> log_end(const store::Snapshot& snapshot, store::Table index, store::Table state) {
  const auto kept = snapshot.get(state, kEndKey);
  if (!kept) return kept.error();
  if (kept->has_value() && (*kept)->size() != kKeyBytes) {
    return Error{Errc::corruption, "events: the log's end is damaged"};
  }
  const auto last = last_entry(snapshot, index, std::numeric_limits<Position>::max());
  if (!last) return last.error();
  return std::max(kept->has_value() ? store::get_u64(**kept) : 0,
                  last->has_value() ? (*last)->end : 0);
}

void put_dropped_before(store::WriteBatch& changes, store::Table state, TimeMs time) {
  std::string value;
  store::put_time(value, time);
  changes.put(state, kDroppedBeforeKey, value);
}

Result<TimeMs> dropped_before(const store::Snapshot& snapshot, store::Table state) {
  const auto kept = snapshot.get(state, kDroppedBeforeKey);
  if (!kept) return kept.error();
  if (!kept->has_value()) return kNothingDropped;
  if ((*kept)->size() != kKeyBytes) {
    return Error{Errc::corruption, "events: the time before which they were dropped is damaged"};
  }
  return store::get_time(**kept);
}

namespace {
std::string unused_names_key(std::uint64_t epoch) {
  std::string key(kUnusedNamesKey);
  store::put_u64(key, epoch);
  return key;
}
}  // namespace

void put_unused_names(store::WriteBatch& changes, store::Table state, std::uint64_t epoch) {
  changes.put(state, unused_names_key(epoch), "");
}

void clear_unused_names(store::WriteBatch& changes, store::Table state, std::uint64_t epoch) {
  changes.erase(state, unused_names_key(epoch));
}

Result<std::optional<std::uint64_t>> first_unused_names(const store::Snapshot& snapshot,
                                                        store::Table state) {
  using Found = std::optional<std::uint64_t>;
  const auto cursor = snapshot.scan(state, kUnusedNamesKey,
                                    unused_names_key(std::numeric_limits<std::uint64_t>::max()));
  if (!cursor->valid()) {
    if (Status status = cursor->status(); !status) return std::move(status).error();
    return Found();
  }
  if (cursor->key().size() != kUnusedNamesKey.size() + kKeyBytes) {
    return Error{Errc::corruption, "events: a mark of unused names is damaged"};
  }
  return Found(store::get_u64(cursor->key(), kUnusedNamesKey.size()));
}

IndexWalk::IndexWalk(const store::Snapshot& snapshot, store::Table index, Position first,
                     Position end) {
  // The block that `first` lies in may begin before it.
  const Result<std::optional<IndexEntry>> before = last_entry(snapshot, index, first);
  if (!before) {
    status_ = before.error();
    return;
  }
  if (before->has_value() && (*before)->end > first) first = (*before)->first;
  cursor_ = snapshot.scan(index, block_key(first), end_key(end));
  load();
}

void IndexWalk::load() {
  valid_ = cursor_->valid();
  if (!valid_) {
    status_ = cursor_->status();
    return;
  }
  Result<IndexEntry> entry = decode_entry(cursor_->key(), cursor_->value());
  if (entry) {
    entry_ = *entry;
  } else {
    valid_ = false;
    status_ = std::move(entry).error();
  }
}

void IndexWalk::next() {
  cursor_->next();
  load();
}

}  // namespace vitals::events
