#include "chunk_merge.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <vitals/base/time_text.h>

namespace vitals::series {
namespace {

constexpr std::size_t kRunsOfTier = 8;
/// Few folds share a minute, so merging minutes saves hardly a cell: fewer runs than this may stay.
constexpr std::size_t kMinuteRunsMin = 5;
constexpr std::size_t kRunsAtOnce = 16;
/// Of chunks that are open together; in memory they are about five times as large.
constexpr std::uint64_t kOpenBytesMax = 12U << 20U;
constexpr DurationMs kQuietMs = 600'000;
/// A span of the past is filled by imports, which add many runs in a row: waiting for a pause saves
/// merging each of them with all before.
constexpr DurationMs kPauseMs = 60'000;

/// Walks the cells of one run, part after part.
class RunCursor {
 public:
  /// Its cells fall into buckets of so many ms.
  RunCursor(const Span& span, const Run& run, DurationMs bucket_ms)
      : key_{span, run.number, 0}, parts_(run.parts.size()), bucket_ms_(bucket_ms) {}

  /// Opens the first part.
  Status start(const store::Snapshot& snapshot, const ChunkTables& tables,
               const metrics::Needs& needs, ColumnReader& reader) {
    return open(snapshot, tables, needs, reader);
  }

  bool valid() const { return decoder_.has_value(); }
  SeriesId series() const { return decoder_->series(row_); }
  TimeMs bucket() const { return bucket_start(decoder_->bucket(row_), bucket_ms_); }
  std::pair<SeriesId, TimeMs> key() const { return {series(), bucket()}; }
  const ChunkDecoder& decoder() const { return *decoder_; }
  std::size_t row() const { return row_; }
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
  DurationMs bucket_ms_;
  std::optional<ChunkDecoder> decoder_;
  std::size_t row_ = 0;
};

/// Finds the cursors at the lowest (series, bucket); false when all are at their end.
bool lowest(std::vector<RunCursor>& cursors, std::vector<RunCursor*>& at) {
  at.clear();
  for (RunCursor& cursor : cursors) {
    if (!cursor.valid()) continue;
    if (!at.empty() && cursor.key() < at.front()->key()) at.clear();
    if (at.empty() || cursor.key() == at.front()->key()) at.push_back(&cursor);
  }
  return !at.empty();
}

}  // namespace

Result<ChunkDecoder> open_chunk(const store::Snapshot& snapshot, const ChunkTables& tables,
                                const ChunkKey& key, const metrics::Needs& needs,
                                ColumnReader& reader, std::shared_ptr<const ChunkKeys> keys) {
  const auto name = [&key] {
    return std::string(to_string(key.span.resolution)) + " cells of " +
           format_rfc3339(key.span.start) + ", run " + std::to_string(key.run);
  };
  const auto bytes = snapshot.borrow(tables.chunks, encode_key(key), store::Cached::yes);
  if (!bytes) return bytes.error();
  if (*bytes == nullptr) return Error{Errc::not_found, "a chunk is missing: " + name()};
  Result<ChunkDecoder> opened =
      ChunkDecoder::open((*bytes)->bytes(), needs, reader, std::move(keys));
  if (!opened) return Error{opened.error().code, opened.error().message + " (" + name() + ")"};
  return opened;
}

Result<std::vector<NewChunk>> merge_runs(const store::Snapshot& snapshot, const ChunkTables& tables,
                                         const Span& span, std::span<const Run> runs,
                                         const Span& target, const RunLabel& label,
                                         ColumnWriter& writer, ColumnReader& reader) {
  const bool thin =
      std::any_of(runs.begin(), runs.end(), [](const Run& run) { return run.thin(); });
  const Fullness fullness = thin ? Fullness::thin : Fullness::full;
  const metrics::Needs needs = needs_of(fullness);
  std::vector<RunCursor> cursors;
  for (const Run& run : runs) {
    cursors.emplace_back(span, run, length_ms(target.resolution));
    if (Status started = cursors.back().start(snapshot, tables, needs, reader); !started) {
      return std::move(started).error();
    }
  }
  ChunkSink sink(target, fullness, label, writer);
  metrics::Cell sum, part;
  std::vector<RunCursor*> partial;  // those at the cell that is next
  while (lowest(cursors, partial)) {
    RunCursor& first = *partial.front();
    const auto [series, bucket] = first.key();
    if (partial.size() == 1 && target == span && first.decoder().fullness() == fullness) {
      sink.copy(first.decoder(), first.row());
      if (Status moved = first.next(snapshot, tables, needs, reader); !moved) {
        return std::move(moved).error();
      }
      continue;
    }
    sum = {};
    for (RunCursor* cursor : partial) {
      while (cursor->valid() && cursor->key() == std::pair(series, bucket)) {
        if (Status read = cursor->read(part); !read) return std::move(read).error();
        sum.merge(part);
        if (Status moved = cursor->next(snapshot, tables, needs, reader); !moved) {
          return std::move(moved).error();
        }
      }
    }
    sink.add(series, bucket, sum);
  }
  return sink.take();
}

namespace {

TimeMs newest_of(const std::vector<Run>& runs) {
  TimeMs newest = runs.front().written_ms();
  for (const Run& run : runs) newest = std::max(newest, run.written_ms());
  return newest;
}

MergePlan merge_of(std::vector<Run> runs, int tier) {
  std::uint64_t open_bytes = 0;
  std::size_t count = 0;
  for (; count < std::min(runs.size(), kRunsAtOnce); ++count) {
    std::uint64_t largest = 0;
    for (const ChunkEntry& part : runs[count].parts) largest = std::max(largest, part.bytes);
    open_bytes += largest;
    if (count >= 2 && open_bytes > kOpenBytesMax) break;
  }
  runs.resize(count);
  const TimeMs written_ms = runs.empty() ? 0 : newest_of(runs);
  return {std::move(runs), static_cast<std::uint8_t>(std::min(tier, 255)), written_ms};
}

}  // namespace

bool mergeable_at_once(const std::vector<Run>& runs) {
  return merge_of(runs, 0).runs.size() == runs.size();
}

MergePlan plan_merge(const Span& span, const std::vector<Run>& runs, TimeMs now) {
  if (runs.size() < (span.resolution == Resolution::minute ? kMinuteRunsMin : 2)) return {};
  std::vector<Run> sorted(runs);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Run& a, const Run& b) { return a.tier() < b.tier(); });
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    while (end < sorted.size() && sorted[end].tier() == sorted[begin].tier()) ++end;
    if (end - begin >= kRunsOfTier) {
      const auto first = sorted.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = sorted.begin() + static_cast<std::ptrdiff_t>(end);
      return merge_of({first, last}, first->tier() + 1);
    }
    begin = end;
  }
  const DurationMs wait_ms = now > span.end() + kQuietMs ? kPauseMs : kQuietMs;
  if (now - newest_of(runs) < wait_ms) return {};
  return merge_of(sorted, sorted.back().tier());
}

}  // namespace vitals::series
