#include "groups.h"

namespace vitals::query {

GroupId Groups::intern(const std::vector<std::string_view>& labels) {
  key_.clear();
  for (const std::string_view label : labels) {
    key_ += std::to_string(label.size());
    key_ += ':';
    key_ += label;
  }
  const auto [at, added] = known_.try_emplace(key_, static_cast<GroupId>(labels_.size()));
  if (added) labels_.emplace_back(labels.begin(), labels.end());
  return at->second;
}

}  // namespace vitals::query
