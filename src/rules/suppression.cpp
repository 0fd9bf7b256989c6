#include "suppression.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <vitals/model/matcher.h>

namespace vitals::rules {
namespace {

std::vector<std::string> values_of(const std::vector<std::string>& names,
                                   const model::Alert& alert) {
  std::vector<std::string> values;
  values.reserve(names.size());
  for (const std::string& name : names) {
    const auto label = alert.labels.find(name);
    values.push_back(label == alert.labels.end() ? "" : label->second);
  }
  return values;
}

}  // namespace

void Suppression::inhibit(std::vector<Inhibition> inhibitions) {
  inhibited_.clear();
  for (Inhibition& inhibition : inhibitions) inhibited_.push_back({std::move(inhibition), {}});
}

void Suppression::begin(const model::Alert& alert, const Concerned& concerned) {
  for (auto& [inhibition, groups] : inhibited_) {
    const bool source = model::matches(inhibition.source, alert);
    const bool target = model::matches(inhibition.target, alert);
    if (!source && !target) continue;
    Group& group = groups[values_of(inhibition.equal, alert)];
    if (target) group.targets.insert(alert.id);
    if (!source) continue;
    group.sources.insert(alert.id);
    if (!target) group.outside.insert(alert.id);
    // The first of each; more change nothing.
    if (group.sources.size() == 1 || (!target && group.outside.size() == 1)) {
      std::for_each(group.targets.begin(), group.targets.end(), concerned);
    }
  }
}

void Suppression::end(const model::Alert& alert, const Concerned& concerned) {
  for (auto& [inhibition, groups] : inhibited_) {
    const auto at = groups.find(values_of(inhibition.equal, alert));
    if (at == groups.end()) continue;
    Group& group = at->second;
    group.targets.erase(alert.id);
    const bool last = group.sources.erase(alert.id) != 0 && group.sources.empty();
    const bool last_outside = group.outside.erase(alert.id) != 0 && group.outside.empty();
    if (last || last_outside) {
      std::for_each(group.targets.begin(), group.targets.end(), concerned);
    }
    if (group.sources.empty() && group.targets.empty()) groups.erase(at);
  }
}

std::string Suppression::suppressor_of(const model::Alert& alert, TimeMs now) const {
  for (const model::Silence& silence : silences_) {
    if (silence.in_force(now) && model::matches(silence.matchers, alert)) {
      return "silence " + silence.id;
    }
  }
  for (const auto& [inhibition, groups] : inhibited_) {
    const auto at = groups.find(values_of(inhibition.equal, alert));
    if (at == groups.end() || at->second.targets.count(alert.id) == 0) continue;
    const Group& group = at->second;
    // Sources that are targets too must not silence each other.
    const Ids& others = group.sources.count(alert.id) == 0 ? group.sources : group.outside;
    if (!others.empty()) return "alert " + *others.begin();
  }
  return "";
}

TimeMs Suppression::next_silence(TimeMs now) const {
  TimeMs next = std::numeric_limits<TimeMs>::max();
  for (const model::Silence& silence : silences_) {
    if (silence.from > now) next = std::min(next, silence.from);
    if (silence.in_force(now)) next = std::min(next, silence.until);
  }
  return next;
}

}  // namespace vitals::rules
