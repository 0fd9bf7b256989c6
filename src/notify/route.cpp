#include <algorithm>

#include <vitals/notify/receiver.h>

namespace vitals::notify {
namespace {

/// "" where the alert has no such label.
std::string label_of(const model::Alert& alert, const std::string& name) {
  if (name == "severity") return to_string(alert.severity);
  if (name == "rule") return alert.rule;
  const auto label = alert.labels.find(name);
  return label == alert.labels.end() ? std::string() : label->second;
}

/// The routes of an incident are those of the moment in which it was first told.
TimeMs routed_at(const model::Alert& alert, TimeMs now) {
  return alert.announced_at != 0 ? alert.announced_at : now;
}

bool matches(const Route& node, const model::Alert& alert, TimeMs at) {
  if (node.active && !node.active->contains(at)) return false;
  return std::all_of(node.match.begin(), node.match.end(),
                     [&alert](const auto& wanted) {
                       return wanted.second == label_of(alert, wanted.first);
                     }) &&
         std::all_of(node.matchers.begin(), node.matchers.end(),
                     [&alert](const model::Filter& matcher) {
                       return matcher.matches(label_of(alert, matcher.field));
                     });
}

/// A node that an alert ends up at, and its receiver.
struct Stop {
  const Route* node;
  const std::string* receiver;
};

void collect(const Route& node, const std::string& inherited, const model::Alert& alert, TimeMs at,
             std::vector<Stop>& stops) {
  const std::string& own = node.receiver.empty() ? inherited : node.receiver;
  bool taken = false;
  for (const Route& child : node.routes) {
    if (!matches(child, alert, at)) continue;
    collect(child, own, alert, at, stops);
    taken = true;
    if (!child.continue_matching) break;
  }
  if (!taken) stops.push_back({&node, &own});
}

std::vector<Stop> stops_of(const Route& root, const model::Alert& alert, TimeMs now) {
  std::vector<Stop> stops;
  static const std::string kNobody;
  collect(root, kNobody, alert, routed_at(alert, now), stops);
  return stops;
}

std::string group_of(const Route& node, const model::Alert& alert) {
  std::string group;
  for (const std::string& name : node.group_by) {
    group += (group.empty() ? "" : ", ") + name + "=" + label_of(alert, name);
  }
  return group;
}

void add(Recipient recipient, std::vector<Recipient>& all) {
  const bool known = std::any_of(all.begin(), all.end(), [&recipient](const Recipient& r) {
    return r.receiver == recipient.receiver;
  });
  if (!known && !recipient.receiver.empty()) all.push_back(std::move(recipient));
}

/// Where the routes lead, and their escalations.
std::vector<Recipient> routed(const Route& root, const model::Alert& alert, TimeMs now) {
  std::vector<Recipient> all;
  const std::vector<Stop> stops = stops_of(root, alert, now);
  for (const auto& [node, receiver] : stops) {
    add({*receiver, group_of(*node, alert), node->group_wait_ms, node->repeat_ms}, all);
  }
  for (const auto& [node, receiver] : stops) {
    // An escalation is urgent: it waits for no others.
    const std::size_t levels = std::min<std::size_t>(alert.escalations, node->escalate.size());
    for (std::size_t i = 0; i < levels; ++i) add({node->escalate[i], "", 0, node->repeat_ms}, all);
  }
  return all;
}

}  // namespace

std::vector<Recipient> recipients(const Route& root, const model::Alert& alert, TimeMs now) {
  std::vector<Recipient> all = routed(root, alert, now);
  for (const std::string& receiver : alert.told) add({receiver, "", 0, 0}, all);
  return all;
}

bool is_routed(const Route& root, const model::Alert& alert, const std::string& receiver,
               TimeMs now) {
  const std::vector<Recipient> all = routed(root, alert, now);
  return std::any_of(all.begin(), all.end(), [&receiver](const Recipient& recipient) {
    return recipient.receiver == receiver;
  });
}

std::uint32_t escalation_steps(const Route& root, const model::Alert& alert, TimeMs now) {
  std::size_t steps = 0;
  for (const Stop& stop : stops_of(root, alert, now)) {
    steps = std::max(steps, stop.node->escalate.size());
  }
  return static_cast<std::uint32_t>(steps);
}

}  // namespace vitals::notify
