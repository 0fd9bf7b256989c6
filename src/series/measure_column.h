#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/metrics/cell.h>
#include <vitals/metrics/measure.h>

#include "column.h"
#include "quantile_column.h"

namespace vitals::series {

/// At most this many values of a cell are stored as they are; a thin cell, which has no sketch,
/// gives back only what its count, sum and extremes determine.
inline constexpr std::uint64_t kValuesMax = sketch::Quantiles::kExactMax;
inline constexpr std::uint64_t kThinValuesMax = 3;

struct MeasureSummary {
  std::uint64_t count = 0;
  double total = 0;
  double spread = 0;  ///< n·M2
  double min = 0, max = 0;
};

/// Collects one measure of many cells. A cell's numbers are either all its values (few: moments and
/// sketch follow from them) or a summary: moments, and in full chunks a sketch.
class MeasureColumnWriter {
 public:
  /// `row` is the cell's place in the chunk; rows that were not added have no values.
  void add(std::size_t row, std::uint64_t executions, const sketch::Moments& moments,
           const sketch::Quantiles* sketch);
  /// The cell that has just these values, in any order, none of them NaN.
  void add(std::size_t row, std::uint64_t executions, std::span<const double> values, bool full);
  /// `values` ascend.
  void add_values(std::size_t row, std::uint64_t executions, std::span<const double> values);
  /// `sketch` is encoded, empty in thin chunks.
  void add_summary(std::size_t row, std::uint64_t executions, const MeasureSummary& summary,
                   std::string_view sketch);
  bool empty() const { return forms_.empty(); }
  std::size_t raw_bytes() const { return raw_bytes_ + sketches_.raw_bytes(); }

  /// `derived` measures carry rounding noise of their formula, which is not kept.
  void write_moments(ColumnWriter& writer, std::size_t rows, bool derived, std::string& out);
  const QuantileColumnWriter& sketches() const { return sketches_; }

 private:
  void add_form(std::size_t row, std::uint64_t executions, std::uint64_t count, bool summary);
  /// What a summary is but for its sketch.
  void add_moments(std::size_t row, std::uint64_t executions, const MeasureSummary& summary);
  void write_values(ColumnWriter& writer, double tolerance, std::string& out);

  std::vector<std::uint64_t>
      forms_;  ///< per row: 0, or 1 + 2·zigzag(count − executions) + summary?
  std::vector<std::uint32_t> value_counts_;                 ///< per cell with values
  std::vector<double> values_;                              ///< ascending within each cell
  std::vector<double> totals_, spreads_, minima_, maxima_;  ///< per summary
  QuantileColumnWriter sketches_;                           ///< per summary, in full chunks
  std::size_t raw_bytes_ = 0;
  std::string scratch_;
};

/// One measure of all cells of a chunk, read back.
class MeasureColumn {
 public:
  /// Without summaries, which come last and are then left unread, only sketches can be merged.
  void read_moments(ColumnReader& reader, ByteReader& in,
                    const std::vector<std::uint64_t>& executions, bool with_summaries);
  void read_sketches(ColumnReader& reader, ByteReader& in);

  /// Merges rows [first, end) into both, of which either may be null. False when a stored sketch is
  /// damaged.
  bool merge(std::size_t first, std::size_t end, sketch::Moments* moments,
             sketch::Quantiles* sketch) const;
  /// Adds this row to another chunk of the same fullness.
  void copy(std::size_t row, std::uint64_t executions, MeasureColumnWriter& to,
            std::size_t to_row) const;

 private:
  void read_values(ColumnReader& reader, ByteReader& in);
  std::span<const double> values(std::size_t row) const {
    return {values_.data() + at_[row], counts_[row]};
  }
  static void merge_summary(const MeasureSummary& stored, sketch::Moments& into);
  MeasureSummary summary(std::size_t row) const {
    const std::uint32_t at = at_[row];
    return {counts_[row], totals_[at], spreads_[at], minima_[at], maxima_[at]};
  }

  std::vector<std::uint64_t> counts_;  ///< per row
  std::vector<bool> summary_;          ///< per row
  std::vector<std::uint32_t> at_;      ///< per row: in values_, or in the columns of summaries
  std::vector<double> values_;
  std::vector<double> totals_, spreads_, minima_, maxima_;
  QuantileColumn sketches_;  ///< per summary
  std::size_t summaries_ = 0;
  std::vector<std::uint32_t> value_counts_;
};

}  // namespace vitals::series
