#include "cell_builder.h"

#include <algorithm>
#include <tuple>

namespace vitals::series {
namespace {

using metrics::Cell;
using metrics::Measure;
using metrics::Needs;

/// Where one row goes.
struct Place {
  SeriesId series;
  std::uint32_t batch;
  TimeMs minute;
  std::uint32_t row;
};

std::vector<Place> sorted_places(
    std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
    std::span<const std::vector<SeriesId>> series) {
  std::vector<Place> places;
  for (std::uint32_t b = 0; b < batches.size(); ++b) {
    const model::ExecutionBatch& batch = *batches[b];
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const TimeMs minute = bucket_start(batch.time_ms[row], length_ms(Resolution::minute));
      places.push_back({series[b][row], b, minute, row});
    }
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::tie(a.series, a.minute, a.batch, a.row) <
           std::tie(b.series, b.minute, b.batch, b.row);
  });
  return places;
}

/// The measures that occur, out of those wanted.
Needs present(Needs wanted, std::span<const metrics::MeasuredBatch> batches) {
  std::uint32_t mask = 0;
  for (const metrics::MeasuredBatch& batch : batches) {
    for (std::size_t m = 0; m < metrics::kMeasureCount; ++m) {
      if (!batch.column(static_cast<Measure>(m)).empty()) mask |= 1U << m;
    }
  }
  wanted.moments &= mask;
  wanted.sketches &= mask;
  return wanted;
}

/// Walks sorted places and makes the cells, those of one series after the other.
class Builder {
 public:
  Builder(std::vector<Place> places, std::span<const metrics::MeasuredBatch> batches,
          const CellPlan& plan, ChunkSink& sink, ColumnWriter& writer)
      : places_(std::move(places)),
        batches_(batches),
        plan_(plan),
        sink_(sink),
        writer_(writer),
        blank_minute_(present(needs_of(plan.minutes), batches)),
        blank_(present(Needs::everything(), batches)) {
    rows_.reserve(places_.size());
    for (const Place& place : places_) rows_.push_back(place.row);
  }

  void run() {
    for (std::size_t begin = 0; begin < places_.size();) {
      const TimeMs day = bucket_of(begin, Resolution::day);
      const std::size_t end = group_end(begin, places_.size(), Resolution::day);
      add_day(begin, end, day);
      begin = end;
    }
  }

 private:
  TimeMs bucket_of(std::size_t at, Resolution resolution) const {
    return bucket_start(places_[at].minute, length_ms(resolution));
  }

  /// One past the places of the same series and bucket as `begin`.
  std::size_t group_end(std::size_t begin, std::size_t limit, Resolution resolution) const {
    const TimeMs last = bucket_of(begin, resolution) + length_ms(resolution);
    std::size_t end = begin + 1;
    while (end < limit && places_[end].series == places_[begin].series &&
           places_[end].minute < last) {
      ++end;
    }
    return end;
  }

  void add_day(std::size_t begin, std::size_t end, TimeMs day) {
    day_ = blank_;
    while (begin < end) {
      const TimeMs hour = bucket_of(begin, Resolution::hour);
      const std::size_t hour_end = group_end(begin, end, Resolution::hour);
      hour_ = blank_;
      add_rows(hour_, begin, hour_end);
      keep(Resolution::hour, begin, hour, hour_);
      day_.merge(hour_);
      if (hour + length_ms(Resolution::hour) > plan_.oldest[0]) add_minutes(begin, hour_end);
      begin = hour_end;
    }
    keep(Resolution::day, end - 1, day, day_);
  }

  void add_minutes(std::size_t begin, std::size_t end) {
    while (begin < end) {
      const std::size_t minute_end = group_end(begin, end, Resolution::minute);
      minute_ = blank_minute_;
      add_rows(minute_, begin, minute_end);
      keep(Resolution::minute, begin, places_[begin].minute, minute_);
      begin = minute_end;
    }
  }

  void add_rows(Cell& cell, std::size_t begin, std::size_t end) const {
    while (begin < end) {
      const std::uint32_t batch = places_[begin].batch;
      std::size_t same = begin + 1;
      while (same < end && places_[same].batch == batch) ++same;
      cell.add(batches_[batch], std::span(rows_).subspan(begin, same - begin));
      begin = same;
    }
  }

  void keep(Resolution resolution, std::size_t at, TimeMs bucket, const Cell& cell) {
    if (bucket < plan_.oldest[static_cast<std::size_t>(resolution)]) return;
    const Fullness fullness = resolution == Resolution::minute ? plan_.minutes : Fullness::full;
    sink_.add(resolution, fullness, places_[at].series, bucket, cell, writer_);
  }

  std::vector<Place> places_;
  std::vector<std::uint32_t> rows_;
  std::span<const metrics::MeasuredBatch> batches_;
  const CellPlan& plan_;
  ChunkSink& sink_;
  ColumnWriter& writer_;
  const Cell blank_minute_, blank_;
  Cell minute_, hour_, day_;
};

}  // namespace

metrics::Needs thin_needs() {
  Needs needs;
  using model::Number;
  for (const Number number : {Number::duration_ms, Number::input_tokens, Number::output_tokens,
                              Number::iterations, Number::clarity, Number::accuracy,
                              Number::completeness, Number::relevance, Number::rating}) {
    needs.add_moments(metrics::measure_of(number));
  }
  needs.add_moments(Measure::total_tokens);
  needs.add_moments(Measure::response_quality);
  needs.add_moments(Measure::satisfaction);
  return needs;
}

metrics::Needs needs_of(Fullness fullness) {
  return fullness == Fullness::thin ? thin_needs() : Needs::everything();
}

void ChunkSink::add(Resolution resolution, Fullness fullness, SeriesId series, TimeMs bucket,
                    const metrics::Cell& cell, ColumnWriter& writer) {
  const Span span{resolution, bucket_start(bucket, span_ms(resolution))};
  const auto open = open_.try_emplace(span, Open{ChunkEncoder(resolution, fullness)}).first;
  open->second.encoder.add(series, bucket, cell);
  if (open->second.encoder.full()) finish(span, open->second, writer);
}

void ChunkSink::finish(const Span& span, Open& open, ColumnWriter& writer) {
  NewChunk chunk;
  chunk.key = {span, label_.run, open.part++};
  chunk.entry.summary = open.encoder.summary();
  chunk.entry.tier = label_.tier;
  chunk.entry.written_ms = label_.written_ms;
  chunk.bytes = open.encoder.finish(writer);
  chunk.entry.bytes = chunk.bytes.size();
  done_.push_back(std::move(chunk));
}

std::vector<NewChunk> ChunkSink::take(ColumnWriter& writer) {
  for (auto& [span, open] : open_) {
    if (open.encoder.cells() > 0) finish(span, open, writer);
  }
  open_.clear();
  std::sort(done_.begin(), done_.end(),
            [](const NewChunk& a, const NewChunk& b) { return a.key < b.key; });
  return std::move(done_);
}

std::vector<NewChunk> build_cells(
    std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
    std::span<const std::vector<SeriesId>> series, const CellPlan& plan, const RunLabel& label,
    ColumnWriter& writer) {
  std::vector<metrics::MeasuredBatch> measured;
  for (const auto& batch : batches) measured.emplace_back(*batch, plan.metrics);
  ChunkSink sink(label);
  Builder(sorted_places(batches, series), measured, plan, sink, writer).run();
  return sink.take(writer);
}

}  // namespace vitals::series
