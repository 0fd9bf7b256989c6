#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include <vitals/metrics/cell.h>
#include <vitals/model/batch.h>
#include <vitals/series/resolution.h>

#include "chunk_directory.h"
#include "open_days.h"

namespace vitals::series {

/// What of the cells is worth writing.
struct CellPlan {
  Fullness minutes = Fullness::thin;
  std::array<TimeMs, 3> oldest{};  ///< buckets that start before are left out, by resolution
  Days open_days;                  ///< get no day cells
  metrics::Options metrics;
};

/// What a thin cell carries: counts and the moments that the core metrics are made from. The log
/// answers the rest as long as cells are thin.
metrics::Needs thin_needs();
metrics::Needs needs_of(Fullness fullness);

/// The plan's chunks of one run.
struct RunLabel {
  std::uint64_t run = 0;
  std::uint8_t tier = 0;
  TimeMs written_ms = 0;
};

/// Sorts cells into the chunks of their spans. Cells of each span must come in ascending order of
/// (series, bucket). Not thread-safe.
class ChunkSink {
 public:
  explicit ChunkSink(const RunLabel& label) : label_(label) {}

  void add(Resolution resolution, Fullness fullness, SeriesId series, TimeMs bucket,
           const metrics::Cell& cell, ColumnWriter& writer);
  /// Adds a row of a chunk that carries what is to be written, without reading its cell.
  void copy(const Span& span, const ChunkDecoder& from, std::size_t row, ColumnWriter& writer);
  /// Finishes all chunks and hands them over.
  std::vector<NewChunk> take(ColumnWriter& writer);

 private:
  struct Open {
    ChunkEncoder encoder;
    std::uint32_t part = 0;
  };
  Open& open(const Span& span, Fullness fullness);
  void finish(const Span& span, Open& target, ColumnWriter& writer);

  RunLabel label_;
  std::map<Span, Open> open_;
  std::vector<NewChunk> done_;
};

/// Adds up executions into cells of all resolutions, but for days that are open. `series` has the
/// id of every row of every batch. The chunks of one span form one run.
std::vector<NewChunk> build_cells(
    std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
    std::span<const std::vector<SeriesId>> series, const CellPlan& plan, const RunLabel& label,
    ColumnWriter& writer);

}  // namespace vitals::series
