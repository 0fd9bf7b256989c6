#include "chunk_sink.h"

namespace vitals::series {

metrics::Needs thin_needs() {
  metrics::Needs needs;
  using model::Number;
  needs.add_moments(metrics::measure_of(Number::duration_ms));
  needs.add_moments(metrics::measure_of(Number::iterations));
  needs.add_moments(metrics::Measure::total_tokens);
  needs.add_moments(metrics::Measure::response_quality);
  needs.add_moments(metrics::Measure::satisfaction);
  return needs;
}

metrics::Needs needs_of(Fullness fullness) {
  return fullness == Fullness::thin ? thin_needs() : metrics::Needs::everything();
}

NewChunk finish_chunk(const Span& span, std::uint32_t part, const RunLabel& label,
                      ChunkEncoder& encoder, ColumnWriter& writer) {
  NewChunk chunk;
  chunk.key = {span, label.run, part};
  chunk.entry.summary = encoder.summary();
  chunk.entry.tier = label.tier;
  chunk.entry.written_ms = label.written_ms;
  chunk.bytes = encoder.finish(writer);
  chunk.entry.bytes = chunk.bytes.size();
  return chunk;
}

void ChunkSink::add(SeriesId series, TimeMs bucket, const metrics::Cell& cell) {
  encoder_.add(series, bucket, cell);
  if (encoder_.full()) finish();
}

void ChunkSink::copy(const ChunkDecoder& from, std::size_t row) {
  encoder_.copy(from, row);
  if (encoder_.full()) finish();
}

void ChunkSink::finish() {
  const auto part = static_cast<std::uint32_t>(done_.size());
  done_.push_back(finish_chunk(span_, part, label_, encoder_, writer_));
}

std::vector<NewChunk> ChunkSink::take() {
  if (encoder_.cells() > 0) finish();
  return std::move(done_);
}

}  // namespace vitals::series
