#include "cell_builder.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace vitals::series {
namespace {

using metrics::Cell;
using metrics::Measure;
using metrics::Needs;
using model::Label;
using Batches = std::span<const std::shared_ptr<const model::ExecutionBatch>>;

/// Where one row goes.
struct Place {
  SeriesId series;
  std::uint32_t batch;
  TimeMs minute;
  std::uint32_t row;
};

std::vector<Place> sorted_places(Batches batches, std::span<const std::vector<SeriesId>> series) {
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

/// Puts the texts of several dictionaries one after another. Cells go by the texts, so those that
/// are in several of them may have several codes.
class Codes {
 public:
  Codes(const model::SymbolColumn& from, model::TextColumn& into)
      : codes_(from.codes), base_(static_cast<std::uint32_t>(into.size())) {
    for (std::uint32_t code = 1; code <= from.dictionary.size(); ++code) {
      into.push_back(from.dictionary.at(code));
    }
  }
  std::uint32_t at(std::uint32_t row) const {
    const std::uint32_t code = codes_.empty() ? model::Dictionary::kAbsentCode : codes_[row];
    return code == model::Dictionary::kAbsentCode ? code : base_ + code;
  }

 private:
  const std::vector<std::uint32_t>& codes_;
  std::uint32_t base_;
};

/// The events in the order of their cells, with the columns that cells are made from: adding up
/// then walks memory forward, and each number is fetched once for all resolutions.
model::ExecutionBatch in_order(const std::vector<Place>& places, Batches batches) {
  model::ExecutionBatch sorted;
  sorted.time_ms.resize(places.size());  // cells do not read it, but it is the number of rows
  const auto any = [&batches](auto&& has) {
    return std::any_of(batches.begin(), batches.end(), has);
  };
  if (any([](const auto& batch) { return !batch->outcome.empty(); })) {
    sorted.outcome.reserve(places.size());
    for (const Place& place : places) {
      const auto& outcome = batches[place.batch]->outcome;
      sorted.outcome.push_back(outcome.empty() ? std::uint8_t{0} : outcome[place.row]);
    }
  }
  for (std::size_t n = 0; n < model::kNumberCount; ++n) {
    if (!any([n](const auto& batch) { return !batch->numbers[n].empty(); })) continue;
    sorted.numbers[n].reserve(places.size());
    std::vector<const double*> columns;  // of each batch; null without this number
    for (const auto& batch : batches) {
      columns.push_back(batch->numbers[n].empty() ? nullptr : batch->numbers[n].data());
    }
    for (const Place& place : places) {
      const double* column = columns[place.batch];
      sorted.numbers[n].push_back(column == nullptr ? model::kAbsent : column[place.row]);
    }
  }
  for (const Label label : {Label::user, Label::session, Label::error_type}) {
    if (!any([label](const auto& batch) { return !(*batch)[label].codes.empty(); })) continue;
    std::vector<Codes> codes;
    model::TextColumn texts;
    for (const auto& batch : batches) codes.emplace_back((*batch)[label], texts);
    sorted[label].dictionary = model::Dictionary(std::move(texts));
    sorted[label].codes.reserve(places.size());
    for (const Place& place : places) {
      sorted[label].codes.push_back(codes[place.batch].at(place.row));
    }
  }
  return sorted;
}

/// The measures that occur, out of those wanted.
Needs present(Needs wanted, const metrics::MeasuredBatch& events) {
  std::uint32_t mask = 0;
  for (std::size_t m = 0; m < metrics::kMeasureCount; ++m) {
    if (!events.column(static_cast<Measure>(m)).empty()) mask |= 1U << m;
  }
  wanted.moments &= mask;
  wanted.sketches &= mask;
  return wanted;
}

/// Walks sorted places and makes the cells, those of one series after the other.
class Builder {
 public:
  Builder(const std::vector<Place>& places, const metrics::MeasuredBatch& events,
          const CellPlan& plan, ChunkSink& sink, ColumnWriter& writer)
      : places_(places),
        events_(events),
        plan_(plan),
        sink_(sink),
        writer_(writer),
        blank_minute_(present(needs_of(plan.minutes), events)),
        blank_(present(Needs::everything(), events)),
        rows_(places.size()) {
    std::iota(rows_.begin(), rows_.end(), 0U);
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
    const bool with_day = !contains(plan_.open_days, day);
    // Hours that stand for a day are needed, however old they are.
    oldest_hour_ = with_day ? plan_.oldest[static_cast<std::size_t>(Resolution::hour)] : day;
    day_ = blank_;
    bool first_hour = true;
    while (begin < end) {
      const TimeMs hour = bucket_of(begin, Resolution::hour);
      const std::size_t hour_end = group_end(begin, end, Resolution::hour);
      hour_ = blank_;
      add_rows(hour_, begin, hour_end);
      keep(Resolution::hour, begin, hour, hour_);
      if (hour + length_ms(Resolution::hour) > plan_.oldest[0]) add_minutes(begin, hour_end);
      if (with_day) {
        const bool only_hour = first_hour && hour_end == end;
        if (only_hour) return keep(Resolution::day, begin, day, hour_);
        day_.merge(hour_);
        first_hour = false;
      }
      begin = hour_end;
    }
    if (with_day) keep(Resolution::day, end - 1, day, day_);
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
    cell.add(events_, std::span(rows_).subspan(begin, end - begin));
  }

  void keep(Resolution resolution, std::size_t at, TimeMs bucket, const Cell& cell) {
    const TimeMs oldest = resolution == Resolution::hour
                              ? oldest_hour_
                              : plan_.oldest[static_cast<std::size_t>(resolution)];
    if (bucket < oldest) return;
    const Fullness fullness = resolution == Resolution::minute ? plan_.minutes : Fullness::full;
    sink_.add(resolution, fullness, places_[at].series, bucket, cell, writer_);
  }

  const std::vector<Place>& places_;
  const metrics::MeasuredBatch& events_;
  const CellPlan& plan_;
  ChunkSink& sink_;
  ColumnWriter& writer_;
  const Cell blank_minute_, blank_;
  TimeMs oldest_hour_ = 0;           ///< of those to be written
  std::vector<std::uint32_t> rows_;  ///< 0, 1, 2 …: cells take a selection
  Cell minute_, hour_, day_;
};

}  // namespace

metrics::Needs thin_needs() {
  Needs needs;
  using model::Number;
  needs.add_moments(metrics::measure_of(Number::duration_ms));
  needs.add_moments(metrics::measure_of(Number::iterations));
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
  Open& target = open(span, fullness);
  target.encoder.add(series, bucket, cell);
  if (target.encoder.full()) finish(span, target, writer);
}

void ChunkSink::copy(const Span& span, const ChunkDecoder& from, std::size_t row,
                     ColumnWriter& writer) {
  Open& target = open(span, from.fullness());
  target.encoder.copy(from, row);
  if (target.encoder.full()) finish(span, target, writer);
}

ChunkSink::Open& ChunkSink::open(const Span& span, Fullness fullness) {
  const auto known = open_.find(span);
  if (known != open_.end()) return known->second;
  return open_.emplace(span, Open{ChunkEncoder(span.resolution, fullness)}).first->second;
}

void ChunkSink::finish(const Span& span, Open& target, ColumnWriter& writer) {
  NewChunk chunk;
  chunk.key = {span, label_.run, target.part++};
  chunk.entry.summary = target.encoder.summary();
  chunk.entry.tier = label_.tier;
  chunk.entry.written_ms = label_.written_ms;
  chunk.bytes = target.encoder.finish(writer);
  chunk.entry.bytes = chunk.bytes.size();
  done_.push_back(std::move(chunk));
}

std::vector<NewChunk> ChunkSink::take(ColumnWriter& writer) {
  for (auto& [span, target] : open_) {
    if (target.encoder.cells() > 0) finish(span, target, writer);
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
  const std::vector<Place> places = sorted_places(batches, series);
  const model::ExecutionBatch sorted = in_order(places, batches);
  const metrics::MeasuredBatch events(sorted, plan.metrics);
  ChunkSink sink(label);
  Builder(places, events, plan, sink, writer).run();
  return sink.take(writer);
}

}  // namespace vitals::series
