#include "grouped_rows.h"

#include <algorithm>
#include <unordered_map>

#include <vitals/model/rows.h>

namespace vitals::window {
namespace {

/// Numbers the groups from 0 in order of appearance, field by field; `number[i]` is of rows[i].
std::uint32_t refine(const model::FieldCodes& field, const std::vector<std::uint32_t>& rows,
                     std::vector<std::uint32_t>& number) {
  std::unordered_map<std::uint64_t, std::uint32_t> numbers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint64_t pair = std::uint64_t{number[i]} << 32U | field.codes[rows[i]];
    number[i] = numbers.emplace(pair, static_cast<std::uint32_t>(numbers.size())).first->second;
  }
  return static_cast<std::uint32_t>(numbers.size());
}

/// Brings the rows of each group together, keeping their order (counting sort).
void sort_by_group(const std::vector<std::uint32_t>& selected,
                   const std::vector<std::uint32_t>& number, GroupedRows& out) {
  for (const std::uint32_t n : number) ++out.groups[n].end;
  std::uint32_t begin = 0;
  for (GroupedRows::Group& group : out.groups) {
    group.begin = begin;
    begin += group.end;
    group.end = group.begin;
  }
  out.rows.resize(selected.size());
  for (std::size_t i = 0; i < selected.size(); ++i) {
    out.rows[out.groups[number[i]].end++] = selected[i];
  }
}

}  // namespace

GroupedRows group_rows(const model::ExecutionBatch& batch,
                       const std::vector<model::Filter>& filters,
                       const std::vector<std::string>& group_by) {
  GroupedRows out;
  const std::vector<std::uint32_t> selected = model::select_rows(batch, filters);
  if (selected.empty()) return out;

  std::vector<std::uint32_t> number(selected.size(), 0);
  std::vector<model::FieldCodes> fields;
  std::uint32_t groups = 1;
  for (const std::string& name : group_by) {
    fields.push_back(model::encode_field(batch, name));
    groups = refine(fields.back(), selected, number);
  }
  out.groups.resize(groups);
  sort_by_group(selected, number, out);

  for (GroupedRows::Group& group : out.groups) {
    const std::uint32_t any = out.rows[group.begin];
    for (const model::FieldCodes& field : fields) {
      group.values.emplace_back(field.values[field.codes[any]]);
      group.key.append(group.values.back()).push_back('\0');
    }
    const auto earlier = [&batch](std::uint32_t a, std::uint32_t b) {
      return batch.time_ms[a] < batch.time_ms[b];
    };
    const auto begin = out.rows.begin() + group.begin;
    const auto end = out.rows.begin() + group.end;
    if (!std::is_sorted(begin, end, earlier)) std::stable_sort(begin, end, earlier);
  }
  return out;
}

}  // namespace vitals::window
