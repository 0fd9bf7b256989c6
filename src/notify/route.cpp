#include <algorithm>

#include <vitals/notify/receiver.h>

namespace vitals::notify {
namespace {

bool matches(const Route& node, const model::Alert& alert) {
  return std::all_of(node.match.begin(), node.match.end(), [&alert](const auto& wanted) {
    const auto& [name, value] = wanted;
    if (name == "severity") return value == to_string(alert.severity);
    if (name == "rule") return value == alert.rule;
    const auto label = alert.labels.find(name);
    return value == (label == alert.labels.end() ? std::string() : label->second);
  });
}

void collect(const Route& node, const std::string& inherited, const model::Alert& alert,
             std::vector<std::string>& names) {
  const std::string& own = node.receiver.empty() ? inherited : node.receiver;
  bool taken = false;
  for (const Route& child : node.routes) {
    if (!matches(child, alert)) continue;
    collect(child, own, alert, names);
    taken = true;
    if (!child.continue_matching) break;
  }
  const bool known = std::find(names.begin(), names.end(), own) != names.end();
  if (!taken && !known && !own.empty()) names.push_back(own);
}

}  // namespace

std::vector<std::string> route(const Route& root, const model::Alert& alert) {
  std::vector<std::string> names;
  collect(root, {}, alert, names);
  return names;
}

}  // namespace vitals::notify
