#include "chunk_merge.h"

#include <algorithm>
#include <optional>

#include <vitals/base/time_text.h>

namespace vitals::series {
namespace {

constexpr std::size_t kRunsOfTier = 8;
constexpr std::size_t kRunsAtOnce = 16;
constexpr DurationMs kQuietMs = 600'000;
/// A span of the past is filled by imports, which add many runs in a row: waiting for a pause saves
/// merging each of them with all before.
constexpr DurationMs kPauseMs = 60'000;

/// Walks the cells of one run, part after part.
class RunCursor {
 public:
  RunCursor(const Span& span, const Run& run)
      : key_{span, run.number, 0}, parts_(run.parts.size()) {}

  /// Opens the first part.
  Status start(const store::Snapshot& snapshot, const ChunkTables& tables,
               const metrics::Needs& needs, ColumnReader& reader) {
    return open(snapshot, tables, needs, reader);
  }

  bool valid() const { return decoder_.has_value(); }
  SeriesId series() const { return decoder_->series(row_); }
  TimeMs bucket() const { return decoder_->bucket(row_); }
  Status read(metrics::Cell& out) const { return decoder_->read(row_, out); }

  Status next(const store::Snapshot& snapshot, const ChunkTables& tables,
              const metrics::Needs& needs, ColumnReader& reader) {
    if (++row_ < decoder_->cells()) return {};
    decoder_.reset();
    ++key_.part;
    return open(snapshot, tables, needs, reader);
  }

 private:
  Status open(const store::Snapshot& snapshot, const ChunkTables& tables,
              const metrics::Needs& needs, ColumnReader& reader) {
    row_ = 0;
    for (; key_.part < parts_; ++key_.part) {
      Result<ChunkDecoder> opened = open_chunk(snapshot, tables, key_, needs, reader);
      if (!opened) return std::move(opened).error();
      if (opened->cells() == 0) continue;
      decoder_.emplace(std::move(*opened));
      return {};
    }
    return {};
  }

  ChunkKey key_;
  std::size_t parts_;
  std::optional<ChunkDecoder> decoder_;
  std::size_t row_ = 0;
};

/// The cursor with the lowest (series, bucket); null when all are at their end.
const RunCursor* lowest(const std::vector<RunCursor>& cursors) {
  const RunCursor* best = nullptr;
  for (const RunCursor& cursor : cursors) {
    if (!cursor.valid()) continue;
    if (best == nullptr || cursor.series() < best->series() ||
        (cursor.series() == best->series() && cursor.bucket() < best->bucket())) {
      best = &cursor;
    }
  }
  return best;
}

}  // namespace

Result<ChunkDecoder> open_chunk(const store::Snapshot& snapshot, const ChunkTables& tables,
                                const ChunkKey& key, const metrics::Needs& needs,
                                ColumnReader& reader) {
  const auto name = [&key] {
    return std::string(to_string(key.span.resolution)) + " cells of " +
           format_rfc3339(key.span.start) + ", run " + std::to_string(key.run);
  };
  const auto bytes = snapshot.get(tables.chunks, encode_key(key));
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::not_found, "a chunk is missing: " + name()};
  Result<ChunkDecoder> opened = ChunkDecoder::open(**bytes, needs, reader);
  if (!opened) return Error{opened.error().code, opened.error().message + " (" + name() + ")"};
  return opened;
}

Result<std::vector<NewChunk>> merge_runs(const store::Snapshot& snapshot, const ChunkTables& tables,
                                         const Span& span, std::span<const Run> runs,
                                         const RunLabel& label, ColumnWriter& writer,
                                         ColumnReader& reader) {
  const bool thin =
      std::any_of(runs.begin(), runs.end(), [](const Run& run) { return run.thin(); });
  const Fullness fullness = thin ? Fullness::thin : Fullness::full;
  const metrics::Needs needs = needs_of(fullness);
  std::vector<RunCursor> cursors;
  for (const Run& run : runs) {
    cursors.emplace_back(span, run);
    if (Status started = cursors.back().start(snapshot, tables, needs, reader); !started) {
      return std::move(started).error();
    }
  }
  ChunkSink sink(label);
  metrics::Cell sum, part;
  while (const RunCursor* first = lowest(cursors)) {
    const SeriesId series = first->series();
    const TimeMs bucket = first->bucket();
    bool alone = true;
    for (RunCursor& cursor : cursors) {
      if (!cursor.valid() || cursor.series() != series || cursor.bucket() != bucket) continue;
      metrics::Cell& cell = alone ? sum : part;
      if (Status read = cursor.read(cell); !read) return std::move(read).error();
      if (!alone) sum.merge(part);
      alone = false;
      if (Status moved = cursor.next(snapshot, tables, needs, reader); !moved) {
        return std::move(moved).error();
      }
    }
    sink.add(span.resolution, fullness, series, bucket, sum, writer);
  }
  return sink.take(writer);
}

MergePlan plan_merge(const Span& span, const std::vector<Run>& runs, TimeMs now) {
  if (runs.size() < 2) return {};
  std::vector<Run> sorted(runs);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Run& a, const Run& b) { return a.tier() < b.tier(); });
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    while (end < sorted.size() && sorted[end].tier() == sorted[begin].tier()) ++end;
    if (end - begin >= kRunsOfTier) {
      const std::size_t count = std::min(end - begin, kRunsAtOnce);
      const auto first = sorted.begin() + static_cast<std::ptrdiff_t>(begin);
      const int tier = std::min(first->tier() + 1, 255);
      return {{first, first + static_cast<std::ptrdiff_t>(count)}, static_cast<std::uint8_t>(tier)};
    }
    begin = end;
  }
  TimeMs newest = runs.front().written_ms();
  for (const Run& run : runs) newest = std::max(newest, run.written_ms());
  const DurationMs wait_ms = now > span.end() + kQuietMs ? kPauseMs : kQuietMs;
  if (now - newest < wait_ms) return {};
  if (sorted.size() > kRunsAtOnce) sorted.resize(kRunsAtOnce);
  const std::uint8_t tier = sorted.back().tier();
  return {std::move(sorted), tier};
}

}  // namespace vitals::series
