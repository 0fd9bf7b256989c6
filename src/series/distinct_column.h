#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/sketch/distinct.h>

#include "column.h"

namespace vitals::series {

/// Distinct sketches of many cells. Those that still list their tokens share one dictionary, as the
/// same users come back in cell after cell; the others are written as they are.
class DistinctColumnWriter {
 public:
  void add(std::size_t row, const sketch::Distinct& sketch);
  /// Tokens of one cell (sketch::Distinct), ascending, each once.
  void add_tokens(std::size_t row, std::span<const std::uint32_t> tokens);
  /// `encoded` is what Distinct::encode() wrote of a sketch with registers.
  void add_dense(std::size_t row, std::string_view encoded);
  bool empty() const { return forms_.empty(); }
  std::size_t raw_bytes() const { return 4 * tokens_.size() + dense_.size(); }
  void write(ColumnWriter& writer, std::size_t rows, std::string& out);

 private:
  std::vector<std::uint64_t> forms_;  ///< per row: tokens listed, or kDense
  std::vector<std::uint32_t> tokens_;
  std::vector<std::uint64_t> dense_sizes_;
  std::string dense_;
  std::string scratch_;
  std::vector<std::uint32_t> listed_;
};

/// The sketches read back.
class DistinctColumn {
 public:
  void read(ColumnReader& reader, ByteReader& in, std::size_t rows);
  /// Merges a row's sketch into another. False when what is stored is damaged.
  bool merge(std::size_t row, sketch::Distinct& into) const;
  /// Adds this row to another chunk.
  void copy(std::size_t row, DistinctColumnWriter& to, std::size_t to_row) const;

 private:
  std::string_view dense(std::uint32_t at) const {
    const std::uint64_t begin = at == 0 ? 0 : dense_ends_[at - 1];
    return std::string_view(dense_).substr(begin, dense_ends_[at] - begin);
  }

  std::vector<std::uint64_t> forms_;
  std::vector<std::uint32_t> at_;  ///< per row: in tokens_, or number of the dense sketch
  std::vector<std::uint32_t> tokens_;
  std::vector<std::uint64_t> dense_ends_;
  std::string dense_;
};

}  // namespace vitals::series
