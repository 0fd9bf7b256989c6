#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/metrics/cell.h>
#include <vitals/series/resolution.h>
#include <vitals/series/series_index.h>

#include "chunk_keys.h"
#include "column.h"
#include "distinct_column.h"
#include "error_type_column.h"
#include "measure_column.h"

namespace vitals::series {

/// What a reader may know of a chunk without opening it.
struct ChunkSummary {
  Fullness fullness = Fullness::full;
  std::uint32_t cells = 0;
  SeriesId first_series = 0, last_series = 0;
  TimeMs first_bucket = 0, last_bucket = 0;
};

class ChunkDecoder;

/// Collects cells and writes them column-wise (docs/formats/cell-chunk.md). Reusable after
/// finish(). Not thread-safe.
class ChunkEncoder {
 public:
  ChunkEncoder(Resolution resolution, Fullness fullness);

  /// In ascending order of (series, bucket).
  void add(SeriesId series, TimeMs bucket, const metrics::Cell& cell);

  /// The same column by column: all keys first, then the writers, which take cells by the order of
  /// their keys.
  void add_key(SeriesId series, TimeMs bucket, const metrics::Counts& counts);
  MeasureColumnWriter& measure(std::size_t m);
  DistinctColumnWriter& users() { return users_; }
  DistinctColumnWriter& sessions() { return sessions_; }
  ErrorTypeColumnWriter& error_types() { return error_types_; }

  /// Adds a row of another chunk of the same resolution and fullness, opened with all it carries:
  /// the same as reading and adding its cell, but quicker.
  void copy(const ChunkDecoder& from, std::size_t from_row);
  std::size_t cells() const { return series_.size(); }
  /// Large enough: readers hold a chunk in memory, so it should be finished.
  bool full() const;
  const ChunkSummary& summary() const { return summary_; }

  std::string finish(ColumnWriter& writer);

 private:
  std::size_t raw_bytes() const;
  void write_keys(ColumnWriter& writer, std::string& out) const;

  Resolution resolution_;
  ChunkSummary summary_;
  std::vector<SeriesId> series_;
  std::vector<TimeMs> buckets_;
  std::vector<metrics::Counts> counts_;
  /// Null until the measure occurs: a backfill has thousands of small chunks open.
  std::array<std::unique_ptr<MeasureColumnWriter>, metrics::kMeasureCount> measures_;
  DistinctColumnWriter users_, sessions_;
  ErrorTypeColumnWriter error_types_;
};

/// The cells of one chunk. Only what `needs` names is decompressed.
class ChunkDecoder {
 public:
  /// Errors: corruption. `keys`, if not null, are those of this chunk, read before.
  static Result<ChunkDecoder> open(std::string_view bytes, const metrics::Needs& needs,
                                   ColumnReader& reader,
                                   std::shared_ptr<const ChunkKeys> keys = nullptr);
  /// A chunk of which nothing is needed but its keys.
  explicit ChunkDecoder(std::shared_ptr<const ChunkKeys> keys) : keys_(std::move(keys)) {}

  const std::shared_ptr<const ChunkKeys>& keys() const { return keys_; }
  std::size_t cells() const { return keys_->cells(); }
  Resolution resolution() const { return keys_->resolution(); }
  Fullness fullness() const { return keys_->fullness(); }
  SeriesId series(std::size_t row) const { return keys_->series(row); }
  TimeMs bucket(std::size_t row) const { return keys_->bucket(row); }

  /// Makes `out` the cell of this row, with `needs` as given to open(). Reuses its memory.
  Status read(std::size_t row, metrics::Cell& out) const;
  /// Merges the cells of rows [first, end) into `into`, which was made with the same needs.
  Status merge(std::size_t first, std::size_t end, metrics::Cell& into) const;

 private:
  friend class ChunkEncoder;  // copies rows
  explicit ChunkDecoder(const metrics::Needs& needs) : needs_(needs), blank_(needs) {}
  bool read_section(std::uint64_t id, std::string_view bytes, ColumnReader& reader);
  Status merge_row(std::size_t row, metrics::Cell& into) const;

  metrics::Needs needs_;
  metrics::Cell blank_;
  std::shared_ptr<const ChunkKeys> keys_;
  std::vector<std::uint64_t> executions_;  ///< by row, where measures are read
  std::array<std::unique_ptr<MeasureColumn>, metrics::kMeasureCount> measures_;
  std::vector<std::size_t> present_;  ///< those of measures_ that are not null
  DistinctColumn users_, sessions_;
  ErrorTypeColumn error_types_;
};

/// Sets the checksum of a chunk to what its bytes call for: the last step of writing one, and for
/// tests that want damage to get past it.
void seal_chunk(std::string& bytes);

}  // namespace vitals::series
