#include <limits>
#include <unordered_map>
#include <utility>

#include <vitals/model/partition.h>

namespace vitals::model {
namespace {

/// Above this many combinations a hash map takes less than a table.
constexpr std::size_t kTableMax = std::size_t{1} << 20;

}  // namespace

Partition::Partition(std::vector<std::uint32_t> rows) : rows_(std::move(rows)) {}

void Partition::split(std::span<const std::uint32_t> code_of_row, std::size_t code_count) {
  if (code_count <= 1) return;
  part_of_.resize(rows_.size(), 0);
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t next = 0;
  const auto renumber = [&](auto&& number_of) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::size_t combined = part_of_[i] * code_count + code_of_row[rows_[i]];
      std::uint32_t& number = number_of(combined);
      if (number == kNone) number = next++;
      part_of_[i] = number;
    }
  };
  const std::size_t combinations = part_count_ * code_count;
  if (combinations <= kTableMax) {
    std::vector<std::uint32_t> table(combinations, kNone);
    renumber([&](std::size_t combined) -> std::uint32_t& { return table[combined]; });
  } else {
    std::unordered_map<std::size_t, std::uint32_t> map;
    renumber([&](std::size_t combined) -> std::uint32_t& {
      return map.try_emplace(combined, kNone).first->second;
    });
  }
  part_count_ = next;
}

std::vector<std::span<const std::uint32_t>> Partition::parts() {
  if (rows_.empty()) return {};
  if (part_of_.empty() || part_count_ == 1) return {std::span<const std::uint32_t>(rows_)};
  std::vector<std::size_t> ends(part_count_, 0);  // counting sort by part
  for (const std::uint32_t part : part_of_) ++ends[part];
  std::size_t begin = 0;
  for (std::size_t& end : ends) begin += std::exchange(end, begin);
  std::vector<std::uint32_t> sorted(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) sorted[ends[part_of_[i]]++] = rows_[i];
  rows_ = std::move(sorted);
  part_of_.clear();
  part_count_ = 1;
  std::vector<std::span<const std::uint32_t>> parts;
  begin = 0;
  for (const std::size_t end : ends) {
    parts.push_back(std::span<const std::uint32_t>(rows_).subspan(begin, end - begin));
    begin = end;
  }
  return parts;
}

}  // namespace vitals::model
