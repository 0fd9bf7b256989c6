#include "grouped_rows.h"

#include <algorithm>

#include <vitals/model/partition.h>
#include <vitals/model/rows.h>

namespace vitals::window {

GroupedRows group_rows(const model::ExecutionBatch& batch,
                       const std::vector<model::Filter>& filters,
                       const std::vector<std::string>& group_by) {
  model::Partition partition(model::select_rows(batch, filters));
  std::vector<model::FieldCodes> fields;
  for (const std::string& name : group_by) {
    fields.push_back(model::encode_field(batch, name));
    partition.split(fields.back().codes, fields.back().values.size());
  }
  const auto earlier = [&batch](std::uint32_t a, std::uint32_t b) {
    return batch.time_ms[a] < batch.time_ms[b];
  };
  GroupedRows out;
  for (const std::span<const std::uint32_t> part : partition.parts()) {
    GroupedRows::Group& group = out.groups.emplace_back();
    for (const model::FieldCodes& field : fields) {
      group.values.emplace_back(field.values[field.codes[part.front()]]);
      group.key.append(group.values.back()).push_back('\0');
    }
    group.begin = static_cast<std::uint32_t>(out.rows.size());
    out.rows.insert(out.rows.end(), part.begin(), part.end());
    group.end = static_cast<std::uint32_t>(out.rows.size());
    const auto begin = out.rows.begin() + group.begin;
    if (!std::is_sorted(begin, out.rows.end(), earlier)) {
      std::stable_sort(begin, out.rows.end(), earlier);
    }
  }
  return out;
}

}  // namespace vitals::window
