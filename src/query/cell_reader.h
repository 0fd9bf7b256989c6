#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/model/filter.h>
#include <vitals/series/cell_view.h>

#include "deadline.h"
#include "plan.h"
#include "tallies.h"

namespace vitals::query {

/// What executions of series beyond the limit are called in every dimension once raw events no
/// longer say who they were.
inline constexpr std::string_view kOverflowLabel = "__overflow__";

/// Index in the series' dimensions, or nothing.
std::optional<std::size_t> dimension(const series::SeriesIndex& index, std::string_view field);

/// Adds cells to tallies. Filters and groups must be on series dimensions.
class CellReader {
 public:
  /// Keeps references. Where a filter or group meets the overflow series in a cell that starts at
  /// or after `raw_since`, raw events must answer instead.
  CellReader(const series::CellView& cells, const std::vector<model::Filter>& filters,
             const std::vector<std::string>& group_by, const metrics::Needs& needs,
             TimeMs raw_since, Tallies& tallies);

  /// The stretch of the segment that must be read raw; from > to when there is none.
  struct Overflow {
    TimeMs from_ms;
    TimeMs to_ms;
  };
  Result<Overflow> read(const Segment& segment, const Deadline& deadline);

 private:
  std::string_view label(series::SeriesId series, std::size_t d) const;
  bool passes(series::SeriesId series) const;
  GroupId group_of(series::SeriesId series);

  const series::CellView& cells_;
  const std::vector<model::Filter>& filters_;
  metrics::Needs needs_;
  TimeMs raw_since_;
  Tallies& tallies_;
  std::vector<std::size_t> filter_dimensions_;
  std::vector<std::size_t> group_dimensions_;
  bool names_series_;  // whether anything is asked of the series' labels
  bool overflow_passes_ = true;
  std::vector<bool> wanted_;                      // by series; empty is all
  std::vector<std::optional<GroupId>> group_of_;  // by series, once it was met
};

}  // namespace vitals::query
