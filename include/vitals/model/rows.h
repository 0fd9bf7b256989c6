#pragma once

#include <string_view>
#include <vector>

#include <vitals/model/batch.h>
#include <vitals/model/filter.h>

namespace vitals::model {

/// The columns that reading `field` (see Filter) needs.
void require_field(std::string_view field, ColumnSet& columns);

/// Numbers the distinct values of one field in one batch, so that filters and groups work on small
/// integers: `codes[row]` indexes `values`; values[0] is "" (absent). Works for every field that
/// is_field() knows; `id` yields one value per row.
struct FieldCodes {
  std::vector<std::string_view> values;  ///< valid as long as the batch
  std::vector<std::uint32_t> codes;      ///< one per row
};
FieldCodes encode_field(const ExecutionBatch& batch, std::string_view field);

/// The rows of `batch` that satisfy all filters, ascending.
std::vector<std::uint32_t> select_rows(const ExecutionBatch& batch,
                                       const std::vector<Filter>& filters);

}  // namespace vitals::model
