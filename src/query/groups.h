#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vitals::query {

using GroupId = std::uint32_t;

/// Numbers the distinct label combinations of an answer from 0, in order of appearance.
class Groups {
 public:
  GroupId intern(const std::vector<std::string_view>& labels);

  std::size_t size() const { return labels_.size(); }
  const std::vector<std::string>& labels(GroupId group) const { return labels_[group]; }

 private:
  std::unordered_map<std::string, GroupId> known_;  // by all labels, each with its length
  std::vector<std::vector<std::string>> labels_;
  std::string key_;
};

}  // namespace vitals::query
