#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include <vitals/metrics/cell.h>

#include "cell_chunk.h"
#include "chunk_directory.h"

namespace vitals::series {

/// What a thin cell carries: counts and the moments that the core metrics are made from. The log
/// answers the rest as long as cells are thin.
metrics::Needs thin_needs();
metrics::Needs needs_of(Fullness fullness);

/// What all chunks of one run say of themselves.
struct RunLabel {
  std::uint64_t run = 0;
  std::uint8_t tier = 0;
  TimeMs written_ms = 0;
};

NewChunk finish_chunk(const Span& span, std::uint32_t part, const RunLabel& label,
                      ChunkEncoder& encoder, ColumnWriter& writer);

/// Takes the cells of a span one by one and makes chunks of them. They must come in ascending order
/// of (series, bucket). Not thread-safe.
class ChunkSink {
 public:
  ChunkSink(const Span& span, Fullness fullness, const RunLabel& label, ColumnWriter& writer)
      : span_(span), label_(label), writer_(writer), encoder_(span.resolution, fullness) {}

  void add(SeriesId series, TimeMs bucket, const metrics::Cell& cell);
  /// Adds a row of a chunk that carries what is to be written, without reading its cell.
  void copy(const ChunkDecoder& from, std::size_t row);
  std::vector<NewChunk> take();

 private:
  void finish();

  const Span span_;
  const RunLabel label_;
  ColumnWriter& writer_;
  ChunkEncoder encoder_;
  std::vector<NewChunk> done_;
};

}  // namespace vitals::series
