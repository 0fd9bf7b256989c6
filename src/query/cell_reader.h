#pragma once

#include <limits>
#include <memory>
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

/// Which cells a question wants, and what of them. Filters and groups must be on series dimensions.
class CellWork {
 public:
  /// Keeps references. Where a filter or group meets the overflow series in a cell that starts at
  /// or after `raw_since`, raw events must answer instead.
  CellWork(const series::CellView& cells, const std::vector<model::Filter>& filters,
           const std::vector<std::string>& group_by, const metrics::Needs& needs, TimeMs raw_since);

  /// Plans to read a segment of cells; `segment` is its name in Overflow.
  Status add(std::size_t segment, const Segment& range);
  /// Cells that are stored together with those.
  std::uint64_t cells() const { return cell_count_; }

  struct Planned {
    series::CellStretch stretch;
    std::size_t segment;
  };
  /// What was planned, cut into so many parts of about as many cells.
  std::vector<std::vector<Planned>> parts(std::size_t count) const;

 private:
  friend class CellReader;
  std::string_view label(series::SeriesId series, std::size_t d) const;
  bool passes(series::SeriesId series) const;

  const series::CellView& cells_;
  const std::vector<model::Filter>& filters_;
  const metrics::Needs needs_;
  const TimeMs raw_since_;
  std::vector<std::size_t> filter_dimensions_;
  std::vector<std::size_t> group_dimensions_;
  bool names_series_;  // whether anything is asked of the series' labels
  bool overflow_passes_ = true;
  std::vector<bool> wanted_;  // by series; empty is all
  std::vector<Planned> planned_;
  std::uint64_t cell_count_ = 0;
};

/// The stretch of a segment that must be read raw; from > to when there is none.
struct Overflow {
  TimeMs from_ms = std::numeric_limits<TimeMs>::max();
  TimeMs to_ms = std::numeric_limits<TimeMs>::min();

  void add(TimeMs from, TimeMs to) {
    from_ms = std::min(from_ms, from);
    to_ms = std::max(to_ms, to);
  }
};

/// Adds a part of them to tallies.
class CellReader {
 public:
  /// Keeps references.
  CellReader(const CellWork& work, std::vector<CellWork::Planned> part, std::size_t segments,
             Tallies& tallies);

  /// Reads one stretch; false: there are no more.
  Result<bool> step(const Deadline& deadline);
  /// By segment.
  const std::vector<Overflow>& overflow() const { return overflow_; }

 private:
  GroupId group_of(series::SeriesId series);
  series::CellScan::Into target(const CellWork::Planned& at, series::SeriesId series, TimeMs start);

  const CellWork& work_;
  const std::vector<CellWork::Planned> part_;
  Tallies& tallies_;
  std::size_t at_ = 0;
  std::unique_ptr<series::CellScan> scan_;
  std::vector<Overflow> overflow_;
  std::vector<std::optional<GroupId>> group_of_;  // by series, once it was met
  std::vector<std::string_view> labels_;          // of one series
};

}  // namespace vitals::query
