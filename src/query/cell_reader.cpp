#include "cell_reader.h"

#include <algorithm>

namespace vitals::query {

std::optional<std::size_t> dimension(const series::SeriesIndex& index, std::string_view field) {
  const std::vector<std::string>& all = index.dimensions();
  const auto at = std::find(all.begin(), all.end(), field);
  if (at == all.end()) return std::nullopt;
  return static_cast<std::size_t>(at - all.begin());
}

CellWork::CellWork(const series::CellView& cells, const std::vector<model::Filter>& filters,
                   const std::vector<std::string>& group_by, const metrics::Needs& needs,
                   TimeMs raw_since)
    : cells_(cells),
      filters_(filters),
      needs_(needs),
      raw_since_(raw_since),
      names_series_(!filters.empty() || !group_by.empty()) {
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

std::string_view CellWork::label(series::SeriesId series, std::size_t d) const {
  return series == series::kOverflowSeries ? kOverflowLabel : cells_.index().label(series, d);
}

bool CellWork::passes(series::SeriesId series) const {
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    if (!filters_[i].matches(label(series, filter_dimensions_[i]))) return false;
  }
  return true;
}

Status CellWork::add(std::size_t segment, const Segment& range) {
  const auto stretches = cells_.stretches(*range.source, range.from_ms, range.to_ms, wanted_);
  if (!stretches) return stretches.error();
  for (const series::CellStretch& stretch : *stretches) {
    planned_.push_back({stretch, segment});
    cell_count_ += stretch.cells;
  }
  return {};
}

std::vector<std::vector<CellWork::Planned>> CellWork::parts(std::size_t count) const {
  std::vector<std::vector<Planned>> parts(count);
  std::uint64_t before = 0;  // cells
  for (const Planned& planned : planned_) {
    const std::uint64_t part = before * count / std::max<std::uint64_t>(cell_count_, 1);
    parts[std::min<std::uint64_t>(part, count - 1)].push_back(planned);
    before += planned.stretch.cells;
  }
  return parts;
}

CellReader::CellReader(const CellWork& work, std::vector<CellWork::Planned> part,
                       std::size_t segments, Tallies& tallies)
    : work_(work),
      part_(std::move(part)),
      tallies_(tallies),
      scan_(work.cells_.scan(work.needs_, work.wanted_)),
      overflow_(segments),
      group_of_(work.cells_.index().size()) {}

GroupId CellReader::group_of(series::SeriesId series) {
  std::optional<GroupId>& group = group_of_[series];
  if (!group) {
    labels_.clear();
    for (const std::size_t d : work_.group_dimensions_) labels_.push_back(work_.label(series, d));
    group = tallies_.group(labels_);
  }
  return *group;
}

series::CellScan::Into CellReader::target(const CellWork::Planned& at, series::SeriesId series,
                                          TimeMs start) {
  const std::size_t point = tallies_.points().index_of(start);
  const TimeMs until = tallies_.points().start_ms(point + 1);
  if (tallies_.full()) return {nullptr, until};
  if (work_.names_series_ && series == series::kOverflowSeries) {
    // Each by itself: it may be the first that is kept as raw events.
    const TimeMs next = start + at.stretch.bucket_ms;
    if (start >= work_.raw_since_) {
      overflow_[at.segment].add(start, next);
      return {nullptr, next};
    }
    return {work_.overflow_passes_ ? tallies_.cell(group_of(series), point) : nullptr, next};
  }
  return {tallies_.cell(group_of(series), point), until};
}

Result<bool> CellReader::step(const Deadline& deadline) {
  if (Status status = deadline.check(); !status) return status.error();
  if (tallies_.full() || at_ == part_.size()) return false;
  const CellWork::Planned& next = part_[at_++];
  Status read = scan_->read(next.stretch, [&](series::SeriesId series, TimeMs start) {
    return target(next, series, start);
  });
  if (!read) return std::move(read).error();
  return true;
}

}  // namespace vitals::query
