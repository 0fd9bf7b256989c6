#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vitals::model {

/// Divides the rows of a block into parts that agree in several columns of small codes, one column
/// after another, at a few nanoseconds per row and column.
class Partition {
 public:
  /// All in one part.
  explicit Partition(std::vector<std::uint32_t> rows);

  /// Divides every part by `code_of_row[row]` < code_count.
  void split(std::span<const std::uint32_t> code_of_row, std::size_t code_count);

  /// Rows of each part, ascending; no part is empty. Points into this object; call once, at the
  /// end.
  std::vector<std::span<const std::uint32_t>> parts();

 private:
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> part_of_;  // of rows_[i]; empty while there is one part
  std::size_t part_count_ = 1;
};

}  // namespace vitals::model
