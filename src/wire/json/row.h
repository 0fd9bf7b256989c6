#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/model/batch.h>

#include "fields.h"

namespace vitals::wire::json {

/// One event while it is being read. Only when all of it is good does it go to the columns, so a
/// refused event leaves nothing behind. Texts point into the event or the parser's document.
struct Row {
  TimeMs time_ms = 0;
  std::string_view id;             ///< "" when not given
  std::string_view comment;        ///< the same; not for the columns, it may name people
  std::string_view error_message;  ///< likewise
  model::Outcome outcome;
  std::array<std::string_view, model::kLabelCount> labels;  ///< "" is absent
  std::array<double, model::kNumberCount> numbers{};
  std::uint32_t numbers_given = 0;     ///< bit index(Number)
  std::string pairs;                   ///< of attributes: key, NUL, value, one after another
  std::vector<std::size_t> pair_ends;  ///< of each pair in `pairs`
  std::uint64_t seen = 0;              ///< fields met so far, by their number in kFields

  /// Empties the row and gives it its default time.
  void clear(TimeMs now_ms);
  std::string_view pair(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : pair_ends[i - 1];
    return std::string_view(pairs).substr(begin, pair_ends[i] - begin);
  }
};

void set_flag(Flag flag, bool set, model::Outcome& outcome);

/// Adds the row to the batch. Columns without a value in this row stay short until the next value
/// or finish_columns() fills them up. A column that begins gets room for so many rows.
void append_row(const Row& row, std::string_view id, std::size_t rows_expected,
                model::ExecutionBatch& batch);

/// Makes all columns that have any value as long as the batch.
void finish_columns(model::ExecutionBatch& batch);

}  // namespace vitals::wire::json
