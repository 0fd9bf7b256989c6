#include "chunk_directory.h"

#include <algorithm>

#include <vitals/store/keys.h>

#include "bytes.h"

namespace vitals::series {
namespace {

constexpr std::uint8_t kEntryVersion = 1;
constexpr std::size_t kKeyBytes = 1 + 8 + 8 + 4;

Error damaged() { return {Errc::corruption, "an entry of the cells' directory is damaged"}; }

}  // namespace

std::string begin_of(const Span& span) {
  std::string key(1, static_cast<char>(span.resolution));
  store::put_time(key, span.start);
  return key;
}

std::string end_of(Resolution resolution) {
  return std::string(1, static_cast<char>(static_cast<unsigned>(resolution) + 1));
}

std::string encode_key(const ChunkKey& key) {
  std::string bytes = begin_of(key.span);
  store::put_u64(bytes, key.run);
  store::put_u32(bytes, key.part);
  return bytes;
}

Result<ChunkKey> decode_key(std::string_view key) {
  if (key.size() != kKeyBytes || static_cast<std::uint8_t>(key[0]) >= kResolutions.size()) {
    return damaged();
  }
  const auto resolution = static_cast<Resolution>(key[0]);
  return ChunkKey{
      {resolution, store::get_time(key, 1)}, store::get_u64(key, 9), store::get_u32(key, 17)};
}

std::string encode_entry(const ChunkEntry& entry) {
  const ChunkSummary& summary = entry.summary;
  std::string out(1, static_cast<char>(kEntryVersion));
  out += static_cast<char>(entry.tier);
  out += static_cast<char>(summary.fullness);
  put_varint(out, zigzag(entry.written_ms));
  put_varint(out, entry.bytes);
  put_varint(out, summary.cells);
  put_varint(out, summary.first_series);
  put_varint(out, summary.last_series - summary.first_series);
  put_varint(out, zigzag(summary.first_bucket));
  put_varint(out, static_cast<std::uint64_t>(summary.last_bucket - summary.first_bucket));
  return out;
}

Result<ChunkEntry> decode_entry(std::string_view value) {
  ByteReader in(value);
  const std::uint8_t version = in.byte();
  ChunkEntry entry;
  entry.tier = in.byte();
  const std::uint8_t fullness = in.byte();
  entry.summary.fullness = static_cast<Fullness>(fullness);
  entry.written_ms = unzigzag(in.varint());
  entry.bytes = in.varint();
  entry.summary.cells = static_cast<std::uint32_t>(in.varint());
  entry.summary.first_series = static_cast<SeriesId>(in.varint());
  entry.summary.last_series = entry.summary.first_series + static_cast<SeriesId>(in.varint());
  entry.summary.first_bucket = unzigzag(in.varint());
  entry.summary.last_bucket =
      static_cast<TimeMs>(static_cast<std::uint64_t>(entry.summary.first_bucket) + in.varint());
  if (!in.ok() || !in.at_end() || version != kEntryVersion || fullness > 1) return damaged();
  return entry;
}

Status ChunkDirectory::load(const store::Snapshot& snapshot, const ChunkTables& tables) {
  const auto cursor = snapshot.scan(tables.directory, {}, {});
  for (; cursor->valid(); cursor->next()) {
    const Result<ChunkKey> key = decode_key(cursor->key());
    if (!key) return key.error();
    const Result<ChunkEntry> entry = decode_entry(cursor->value());
    if (!entry) return entry.error();
    add(*key, *entry);
  }
  return cursor->status();
}

void ChunkDirectory::add(const ChunkKey& key, const ChunkEntry& entry) {
  std::vector<Run>& runs = spans_[key.span];
  if (runs.empty() || runs.back().number != key.run) runs.push_back({key.run, {}});
  runs.back().parts.push_back(entry);
  next_run_ = std::max(next_run_, key.run + 1);
  ++chunks_;
  bytes_ += entry.bytes;
  thin_chunks_ += entry.summary.fullness == Fullness::thin ? 1 : 0;
}

void ChunkDirectory::remove_run(const Span& span, std::uint64_t number) {
  const auto found = spans_.find(span);
  if (found == spans_.end()) return;
  std::vector<Run>& runs = found->second;
  const auto run = std::find_if(runs.begin(), runs.end(),
                                [number](const Run& each) { return each.number == number; });
  if (run == runs.end()) return;
  for (const ChunkEntry& part : run->parts) {
    --chunks_;
    bytes_ -= part.bytes;
    thin_chunks_ -= part.summary.fullness == Fullness::thin ? 1 : 0;
  }
  runs.erase(run);
  if (runs.empty()) spans_.erase(found);
}

const std::vector<Run>* ChunkDirectory::runs(const Span& span) const {
  const auto found = spans_.find(span);
  return found == spans_.end() ? nullptr : &found->second;
}

void put_chunk(store::WriteBatch& changes, const ChunkTables& tables, const NewChunk& chunk) {
  const std::string key = encode_key(chunk.key);
  changes.put(tables.chunks, key, chunk.bytes);
  changes.put(tables.directory, key, encode_entry(chunk.entry));
}

void erase_run(store::WriteBatch& changes, const ChunkTables& tables, const Span& span,
               const Run& run) {
  for (std::uint32_t part = 0; part < run.parts.size(); ++part) {
    const std::string key = encode_key({span, run.number, part});
    changes.erase(tables.chunks, key);
    changes.erase(tables.directory, key);
  }
}

}  // namespace vitals::series
