#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <vitals/metrics/cell.h>
#include <vitals/series/resolution.h>
#include <vitals/series/series_index.h>

#include "column.h"

namespace vitals::series {

/// What a chunk carries beside counts: moments of some measures, or everything.
enum class Fullness : std::uint8_t { thin, full };

using CountField = std::uint64_t metrics::Counts::*;
/// The counts that are written beside executions, in the order of their columns.
inline constexpr std::array<CountField, 8> kCountFields{
    &metrics::Counts::successes,       &metrics::Counts::errors,
    &metrics::Counts::detected_known,  &metrics::Counts::detected,
    &metrics::Counts::recovered_known, &metrics::Counts::recovered,
    &metrics::Counts::degraded_known,  &metrics::Counts::degraded};

/// Which cells a chunk has, and their counts, unpacked: rows ascend by series, and by bucket within
/// one. Not changed once they are read.
class ChunkKeys {
 public:
  /// From the front of a chunk's body. Errors show in the reader.
  void read(ByteReader& in, ColumnReader& reader);
  static void skip(ByteReader& in);

  std::size_t cells() const { return series_.size(); }
  Resolution resolution() const { return resolution_; }
  Fullness fullness() const { return fullness_; }
  SeriesId series(std::size_t row) const { return series_[row]; }
  TimeMs bucket(std::size_t row) const { return (first_ + buckets_[row]) * length_; }
  /// Sets out[row] to the executions of each row.
  void executions(std::vector<std::uint64_t>& out) const;

  /// Adds what rows [first, end) count.
  void add_counts(std::size_t first, std::size_t end, metrics::Counts& to) const;
  /// First row at or after `row` of this series or a later one. Quick when it is near.
  std::size_t find(std::size_t row, SeriesId series) const;
  /// One past the last row of the series of `row`.
  std::size_t end_of_series(std::size_t row) const { return find(row + 1, series_[row] + 1); }
  /// First row of [row, end), all of one series, whose bucket starts at or after `time`.
  std::size_t find_time(std::size_t row, std::size_t end, TimeMs time) const;

  std::size_t bytes() const;

 private:
  /// Both false when the numbers are out of range.
  bool read_series(const PackedColumn& steps, std::size_t rows);
  bool read_buckets(const PackedColumn& steps);

  Resolution resolution_ = Resolution::minute;
  Fullness fullness_ = Fullness::full;
  DurationMs length_ = 0;
  std::int64_t first_ = 0;  ///< bucket, in lengths
  std::vector<SeriesId> series_;
  std::vector<std::uint32_t> buckets_;  ///< less the first
  PackedColumn executions_;
  std::array<PackedColumn, kCountFields.size()> counts_;
};

}  // namespace vitals::series
