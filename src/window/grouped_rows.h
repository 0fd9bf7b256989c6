#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vitals/model/batch.h>
#include <vitals/model/filter.h>

namespace vitals::window {

/// Rows of one batch that satisfy some filters, by group, in order of event time within a group.
/// Windows that differ only in length share it.
struct GroupedRows {
  struct Group {
    std::vector<std::string> values;  ///< one per group_by field; "" is absent
    std::string key;                  ///< values, each ended by NUL: sorts as they do
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  std::vector<Group> groups;
  std::vector<std::uint32_t> rows;

  std::span<const std::uint32_t> rows_of(const Group& group) const {
    return std::span(rows).subspan(group.begin, group.end - group.begin);
  }
};

GroupedRows group_rows(const model::ExecutionBatch& batch,
                       const std::vector<model::Filter>& filters,
                       const std::vector<std::string>& group_by);

}  // namespace vitals::window
