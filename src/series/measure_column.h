#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vitals/metrics/cell.h>
#include <vitals/metrics/measure.h>

#include "column.h"

namespace vitals::series {

/// At most this many values of a cell are stored as they are; a thin cell, which has no sketch,
/// gives back only what its count, sum and extremes determine.
inline constexpr std::uint64_t kValuesMax = sketch::Quantiles::kExactMax;
inline constexpr std::uint64_t kThinValuesMax = 3;

/// Collects one measure of many cells. A cell's numbers are either all its values (few: moments and
/// sketch follow from them) or a summary: moments, and in full chunks a sketch.
class MeasureColumnWriter {
 public:
  /// `row` is the cell's place in the chunk; rows that were not added have no values.
  void add(std::size_t row, std::uint64_t executions, const sketch::Moments& moments,
           const sketch::Quantiles* sketch);
  bool empty() const { return forms_.empty(); }
  std::size_t raw_bytes() const { return raw_bytes_; }

  /// `derived` measures carry rounding noise of their formula, which is not kept.
  void write_moments(ColumnWriter& writer, std::size_t rows, bool derived, std::string& out);
  void write_sketches(ColumnWriter& writer, std::string& out) const;
  bool has_sketches() const { return !sketches_.empty(); }

 private:
  void write_values(ColumnWriter& writer, double tolerance, std::string& out);

  std::vector<std::uint64_t>
      forms_;  ///< per row: 0, or 1 + 2·zigzag(count − executions) + summary?
  std::vector<std::uint32_t> value_counts_;                 ///< per cell with values
  std::vector<double> values_;                              ///< ascending within each cell
  std::vector<double> totals_, spreads_, minima_, maxima_;  ///< per summary; spread is n·M2
  std::vector<std::uint64_t> sketch_sizes_;
  std::string sketches_;
  std::size_t raw_bytes_ = 0;
};

/// One measure of all cells of a chunk, read back.
class MeasureColumn {
 public:
  void read_moments(ColumnReader& reader, ByteReader& in,
                    const std::vector<std::uint64_t>& executions);
  void read_sketches(ColumnReader& reader, ByteReader& in);

  /// Either may be null. False when the stored sketch is damaged.
  bool get(std::size_t row, sketch::Moments* moments, sketch::Quantiles* sketch) const;

 private:
  void read_values(ColumnReader& reader, ByteReader& in);

  std::vector<std::uint64_t> counts_;  ///< per row
  std::vector<bool> summary_;          ///< per row
  std::vector<std::uint32_t> at_;      ///< per row: in values_, or in the columns of summaries
  std::vector<double> values_;
  std::vector<double> totals_, spreads_, minima_, maxima_;
  std::vector<std::uint64_t> sketch_ends_;
  std::string sketches_;
  std::size_t summaries_ = 0;
  std::vector<std::uint32_t> value_counts_;
};

}  // namespace vitals::series
