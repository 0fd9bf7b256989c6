#include "tally.h"

#include <algorithm>
#include <utility>

namespace vitals::backtest {

using model::Alert;
using model::AlertStatus;

/// A value is worse the further it lies on the side of the bound on which the alert began.
void Tally::worsen(Going& going, const Alert& alert) {
  if (!alert.value) return;
  if (going.direction == 0) going.direction = *alert.value < alert.threshold.value_or(0) ? -1 : 1;
  Incident& incident = going.incident;
  if (incident.worst_value &&
      going.direction * *alert.value <= going.direction * *incident.worst_value) {
    return;
  }
  incident.worst_value = alert.value;
  incident.samples = alert.samples;
}

Tally::Labels Tally::group_of(const Alert& alert) const {
  Labels group;
  for (const std::string& field : group_by_) {
    const auto label = alert.labels.find(field);
    if (label != alert.labels.end()) group.insert(*label);
  }
  return group;
}

void Tally::see(const Alert& open) {
  if (open.rule != rule_) return;
  if (const auto at = going_.find(open.id); at != going_.end()) worsen(at->second, open);
}

void Tally::change(const Alert& alert, TimeMs now) {
  if (alert.rule != rule_) return;
  const auto at = going_.try_emplace(alert.id, Going{group_of(alert), {}}).first;
  Going& going = at->second;
  if (alert.status == AlertStatus::resolved) {
    going.incident.resolved_at = now;
    if (going.incident.firing_since != 0) end(std::move(going), now);
    going_.erase(at);
    return;
  }
  worsen(going, alert);
  if (alert.status != AlertStatus::firing) return;
  going.incident.pending_since = alert.pending_since;
  going.incident.firing_since = alert.firing_since;
  if (firing_++ == 0) firing_since_ = now;
}

void Tally::end(Going going, TimeMs now) {
  if (--firing_ == 0) any_firing_ms_ += now - firing_since_;
  Incident& incident = going.incident;
  incident.duration_ms = now - incident.firing_since;
  const auto add = [&](auto& sums) {
    ++sums.firings;
    sums.firing_ms += incident.duration_ms;
    sums.longest_ms = std::max(sums.longest_ms, incident.duration_ms);
  };
  add(report_);
  GroupReport* group = find_or_add(going.group);
  if (group == nullptr) return;
  add(*group);
  if (listed_ == kIncidentsListedMax) {
    report_.truncated = true;
    return;
  }
  ++listed_;
  group->incidents.push_back(incident);
}

/// Null when there is no room for one more.
GroupReport* Tally::find_or_add(const Labels& group) {
  const auto known = groups_.find(group);
  if (known != groups_.end()) return &known->second;
  if (groups_.size() == kGroupsListedMax) {
    report_.truncated = true;
    return nullptr;
  }
  GroupReport& fresh = groups_[group];
  fresh.labels = group;
  return &fresh;
}

Report Tally::finish(TimeMs from, TimeMs end_ms) {
  // In order of their beginning, as those before.
  std::vector<Going> left;
  for (auto& [id, going] : std::exchange(going_, {})) left.push_back(std::move(going));
  std::sort(left.begin(), left.end(), [](const Going& a, const Going& b) {
    return a.incident.firing_since < b.incident.firing_since;
  });
  for (Going& going : left) {
    if (going.incident.firing_since != 0) end(std::move(going), end_ms);
  }
  for (auto& [labels, group] : std::exchange(groups_, {})) {
    report_.groups.push_back(std::move(group));
  }
  report_.rule = rule_;
  report_.from_ms = from;
  report_.to_ms = end_ms;
  if (end_ms > from) {
    report_.share = static_cast<double>(any_firing_ms_) / static_cast<double>(end_ms - from);
  }
  return std::move(report_);
}

}  // namespace vitals::backtest
