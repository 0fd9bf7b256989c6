#include "sorted_events.h"

#include <algorithm>
#include <numeric>

#include <vitals/series/resolution.h>

namespace vitals::series {
namespace {

using model::Label;
using Batches = std::span<const std::shared_ptr<const model::ExecutionBatch>>;

/// Where a row comes from.
struct Place {
  std::uint32_t batch;
  std::uint32_t row;
  TimeMs minute;
};

/// All rows in order. Counts those of each series instead of comparing ids; within a series events
/// mostly come in the order of time.
std::vector<Place> sorted_places(Batches batches, std::span<const std::vector<SeriesId>> series) {
  SeriesId highest = 0;
  for (const auto& ids : series) {
    for (const SeriesId id : ids) highest = std::max(highest, id);
  }
  std::vector<std::uint32_t> next(std::size_t{highest} + 2, 0);  // places of each series begin here
  for (const auto& ids : series) {
    for (const SeriesId id : ids) ++next[std::size_t{id} + 1];
  }
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<Place> places(next.back());
  for (std::uint32_t b = 0; b < batches.size(); ++b) {
    const std::vector<TimeMs>& times = batches[b]->time_ms;
    for (std::uint32_t row = 0; row < times.size(); ++row) {
      const TimeMs minute = bucket_start(times[row], length_ms(Resolution::minute));
      places[next[series[b][row]]++] = {b, row, minute};
    }
  }
  const auto earlier = [](const Place& a, const Place& b) { return a.minute < b.minute; };
  std::size_t begin = 0;
  for (const std::size_t end : next) {  // where each series begins has become where it ends
    const auto first = places.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = places.begin() + static_cast<std::ptrdiff_t>(end);
    if (!std::is_sorted(first, last, earlier)) std::stable_sort(first, last, earlier);
    begin = end;
  }
  return places;
}

/// Puts the texts of several dictionaries one after another.
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

model::ExecutionBatch gather(const std::vector<Place>& places, Batches batches) {
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
  if (any([](const auto& batch) { return !batch->kinds.empty(); })) {
    sorted.kinds.reserve(places.size());
    for (const Place& place : places) {
      const auto& kinds = batches[place.batch]->kinds;
      sorted.kinds.push_back(kinds.empty() ? model::RowKind::execution : kinds[place.row]);
    }
  }
  for (std::size_t n = 0; n < model::kNumberCount; ++n) {
    if (!any([n](const auto& batch) { return !batch->numbers[n].empty(); })) continue;
    std::vector<const double*> columns;  // of each batch; null without this number
    for (const auto& batch : batches) {
      columns.push_back(batch->numbers[n].empty() ? nullptr : batch->numbers[n].data());
    }
    sorted.numbers[n].resize(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const double* column = columns[places[i].batch];
      sorted.numbers[n][i] = column == nullptr ? model::kAbsent : column[places[i].row];
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

}  // namespace

SortedEvents sort_events(Batches batches, std::span<const std::vector<SeriesId>> series) {
  const std::vector<Place> places = sorted_places(batches, series);
  SortedEvents sorted;
  sorted.series.reserve(places.size());
  sorted.minute.reserve(places.size());
  for (const Place& place : places) {
    sorted.series.push_back(series[place.batch][place.row]);
    sorted.minute.push_back(place.minute);
  }
  sorted.columns = gather(places, batches);
  return sorted;
}

}  // namespace vitals::series
