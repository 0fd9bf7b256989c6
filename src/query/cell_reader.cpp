#include "cell_reader.h"

#include <algorithm>
#include <limits>

namespace vitals::query {
namespace {

/// The clock is looked at after so many cells …
constexpr std::uint64_t kCellsPerCheck = 4096;
/// … and no visit is longer than so many buckets.
constexpr DurationMs kBucketsPerVisit = 1440;

}  // namespace

std::optional<std::size_t> dimension(const series::SeriesIndex& index, std::string_view field) {
  const std::vector<std::string>& all = index.dimensions();
  const auto at = std::find(all.begin(), all.end(), field);
  if (at == all.end()) return std::nullopt;
  return static_cast<std::size_t>(at - all.begin());
}

CellReader::CellReader(const series::CellView& cells, const std::vector<model::Filter>& filters,
                       const std::vector<std::string>& group_by, const metrics::Needs& needs,
                       TimeMs raw_since, Tallies& tallies)
    : cells_(cells),
      filters_(filters),
      needs_(needs),
      raw_since_(raw_since),
      tallies_(tallies),
      names_series_(!filters.empty() || !group_by.empty()),
      group_of_(cells.index().size()) {
  for (const model::Filter& filter : filters) {
    filter_dimensions_.push_back(*dimension(cells.index(), filter.field));
  }
  for (const std::string& field : group_by) {
    group_dimensions_.push_back(*dimension(cells.index(), field));
  }
  if (filters.empty()) return;
  wanted_.resize(cells.index().size());
  for (series::SeriesId id = 0; id < wanted_.size(); ++id) wanted_[id] = passes(id);
  overflow_passes_ = wanted_[series::kOverflowSeries];
  wanted_[series::kOverflowSeries] = true;  // to see whether it is met
}

std::string_view CellReader::label(series::SeriesId series, std::size_t d) const {
  return series == series::kOverflowSeries ? kOverflowLabel : cells_.index().label(series, d);
}

bool CellReader::passes(series::SeriesId series) const {
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    if (!filters_[i].matches(label(series, filter_dimensions_[i]))) return false;
  }
  return true;
}

GroupId CellReader::group_of(series::SeriesId series) {
  std::optional<GroupId>& group = group_of_[series];
  if (!group) {
    std::vector<std::string_view> labels;
    for (const std::size_t d : group_dimensions_) labels.push_back(label(series, d));
    group = tallies_.group(labels);
  }
  return *group;
}

Result<CellReader::Overflow> CellReader::read(const Segment& segment, const Deadline& deadline) {
  const DurationMs length = series::length_ms(*segment.source);
  Overflow overflow{std::numeric_limits<TimeMs>::max(), std::numeric_limits<TimeMs>::min()};
  std::uint64_t cells = 0;
  Status status;
  const auto visitor = [&](series::SeriesId series, TimeMs start, const metrics::Cell& cell) {
    if (++cells % kCellsPerCheck == 0 && status.ok()) status = deadline.check();
    if (!status || tallies_.full()) return;
    if (names_series_ && series == series::kOverflowSeries) {
      if (start >= raw_since_) {
        overflow.from_ms = std::min(overflow.from_ms, start);
        overflow.to_ms = std::max(overflow.to_ms, start + length);
        return;
      }
      if (!overflow_passes_) return;
    }
    tallies_.merge(group_of(series), tallies_.points().index_of(start), cell);
  };
  const DurationMs visit_ms = kBucketsPerVisit * length;
  for (TimeMs from = segment.from_ms; from < segment.to_ms;) {
    const TimeMs to = std::min(segment.to_ms, series::bucket_start(from, visit_ms) + visit_ms);
    const Status visited = cells_.visit(*segment.source, from, to, needs_, wanted_, visitor);
    if (!visited) return visited.error();
    if (status.ok()) status = deadline.check();
    if (!status) return status.error();
    from = to;
  }
  return overflow;
}

}  // namespace vitals::query
