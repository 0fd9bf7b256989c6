#include "groups.h"

namespace vitals::query {

GroupId Groups::intern(const std::vector<std::string_view>& labels) {
  key_.clear();
  for (const std::string_view label : labels) {
    const std::size_t size = label.size();
    key_.append(reinterpret_cast<const char*>(&size), sizeof size);
    key_ += label;
  }
  const auto [at, added] = known_.try_emplace(key_, static_cast<GroupId>(labels_.size()));
  if (added) labels_.emplace_back(labels.begin(), labels.end());
  return at->second;
}

}  // namespace vitals::query
