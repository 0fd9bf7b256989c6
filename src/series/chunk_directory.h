#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/series/resolution.h>
#include <vitals/store/store.h>

#include "cell_chunk.h"

namespace vitals::series {

/// The stretch of time whose cells lie together: an hour of minutes, a day of hours, one day. All
/// divide the UTC day, so that the cells of a day are whole chunks and can be replaced.
constexpr DurationMs span_ms(Resolution resolution) {
  return resolution == Resolution::minute ? kHourMs : kDayMs;
}

struct Span {
  Resolution resolution = Resolution::minute;
  TimeMs start = 0;

  TimeMs end() const { return start + span_ms(resolution); }
  auto operator<=>(const Span&) const = default;  // NOLINT(modernize-use-nullptr): no pointer here
};

/// Names one chunk. A run is what one fold or compaction wrote of one span, sorted; it is cut into
/// parts where it is large.
struct ChunkKey {
  Span span;
  std::uint64_t run = 0;
  std::uint32_t part = 0;

  auto operator<=>(const ChunkKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// What the directory knows of one chunk.
struct ChunkEntry {
  ChunkSummary summary;
  std::uint64_t bytes = 0;
  std::uint8_t tier = 0;  ///< merges that led to its run
  TimeMs written_ms = 0;
};

std::string encode_key(const ChunkKey& key);
/// First key of all chunks at or after a span's start.
std::string begin_of(const Span& span);
/// First key after every chunk of a resolution.
std::string end_of(Resolution resolution);
std::string encode_entry(const ChunkEntry& entry);
Result<ChunkKey> decode_key(std::string_view key);
Result<ChunkEntry> decode_entry(std::string_view value);

/// A run in memory: its parts in order.
struct Run {
  std::uint64_t number = 0;
  std::vector<ChunkEntry> parts;

  std::uint8_t tier() const { return parts.front().tier; }
  TimeMs written_ms() const { return parts.front().written_ms; }
  bool thin() const { return parts.front().summary.fullness == Fullness::thin; }
};

/// Where cells and their directory are kept.
struct ChunkTables {
  store::Table chunks;     ///< key → chunk
  store::Table directory;  ///< key → entry, so that planning need not read chunks
};

/// A chunk to be written or just written.
struct NewChunk {
  ChunkKey key;
  ChunkEntry entry;
  std::string bytes;
};

/// Which runs each span has: the maintenance thread's copy of the directory table. Changes go to a
/// write batch first and here after its commit.
class ChunkDirectory {
 public:
  using Spans = std::map<Span, std::vector<Run>>;

  Status load(const store::Snapshot& snapshot, const ChunkTables& tables);

  void add(const ChunkKey& key, const ChunkEntry& entry);
  void remove_run(const Span& span, std::uint64_t number);

  const Spans& spans() const { return spans_; }
  const std::vector<Run>* runs(const Span& span) const;
  std::uint64_t next_run() { return next_run_++; }

  std::uint64_t chunks() const { return chunks_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t thin_chunks() const { return thin_chunks_; }

 private:
  Spans spans_;
  std::uint64_t next_run_ = 1;
  std::uint64_t chunks_ = 0, bytes_ = 0, thin_chunks_ = 0;
};

void put_chunk(store::WriteBatch& changes, const ChunkTables& tables, const NewChunk& chunk);
void erase_run(store::WriteBatch& changes, const ChunkTables& tables, const Span& span,
               const Run& run);

}  // namespace vitals::series
