#include "rule_state.h"

#include <algorithm>
#include <utility>

#include <vitals/base/time_text.h>

#include "rule_check.h"

namespace vitals::rules {

using model::Alert;
using model::AlertStatus;

Result<RuleState> RuleState::make(Rule rule, const metrics::Metric* metric) {
  RuleState state;
  std::vector<std::string> names = rule.group_by;
  for (const auto& label : rule.labels) names.push_back(label.first);
  names.emplace_back("severity");
  for (const auto& [name, text] : rule.annotations) {
    auto annotation = Annotation::parse(text, names);
    if (!annotation) return rule_error(rule, "annotations." + name, annotation.error().message);
    state.annotations_.emplace(name, *std::move(annotation));
  }
  state.metric_ = metric;
  state.words_ = {format_duration(metric != nullptr ? rule.window_ms : std::get<Absence>(rule.condition).absent_ms),
                  metric != nullptr ? metric->info().unit : "seconds"};
  state.rule_ = std::move(rule);
  return state;
}

window::Spec RuleState::window_spec() const {
  window::Spec spec{rule_.filters, rule_.group_by, 0, {}, true};
  if (absence() != nullptr) spec.window_ms = absence()->absent_ms;
  if (metric_ != nullptr) {
    spec.window_ms = rule_.window_ms;
    spec.needs = metric_->needs(std::get<Threshold>(rule_.condition).stat);
    spec.remember = false;
  }
  return spec;
}

bool RuleState::restore(const Alert& alert) {
  Labels group;
  for (const auto& [name, value] : alert.labels) {
    if (std::count(rule_.group_by.begin(), rule_.group_by.end(), name) != 0) {
      group.emplace(name, value);
    } else if (model::is_field(name) && rule_.labels.count(name) == 0) {
      return false;  // the rule grouped by this field once
    }
  }
  return open_.emplace(std::move(group), Entry{alert}).second;
}

Reading RuleState::compare(const metrics::Cell& cell) const {
  const auto& bound = std::get<Threshold>(rule_.condition);
  Reading reading;
  reading.value = metric_->value(cell, bound.stat, static_cast<double>(rule_.window_ms) / 1000);
  reading.samples = metric_->samples(cell);
  reading.holds = reading.value.has_value() && reading.samples >= rule_.min_samples &&
                  (bound.comparison == Comparison::below ? *reading.value < bound.bound
                                                         : *reading.value > bound.bound);
  return reading;
}

/// `last_event_ms` is 0 when the window knows of none.
Reading RuleState::silence(TimeMs last_event_ms, const Alert* open,
                                      const Moment& moment) const {
  TimeMs silent_since = std::max(last_event_ms, moment.listening_since);
  if (open != nullptr) {
    silent_since = last_event_ms > 0 ? last_event_ms : open->pending_since - absence()->absent_ms;
  }
  const DurationMs silent_ms = moment.now - silent_since;
  Reading reading;
  reading.holds = silent_ms >= absence()->absent_ms;
  reading.value = static_cast<double>(silent_ms) / 1000;
  return reading;
}

void RuleState::judge(const window::GroupView& group, const Moment& moment, UuidGenerator& ids,
                      std::vector<Alert>& changed) {
  if (group.labels.empty()) visited_ungrouped_ = true;
  const auto open = open_.empty() ? open_.end() : open_.find(group.labels);
  if (open != open_.end()) open->second.visited = true;
  const Alert* alert = open == open_.end() ? nullptr : &open->second.alert;
  const Reading reading =
      metric_ != nullptr ? compare(group.cell) : silence(group.last_event_ms, alert, moment);
  step(group.labels, reading, open, moment.now, ids, changed);
}

void RuleState::judge_unvisited(const Moment& moment, UuidGenerator& ids,
                                std::vector<Alert>& changed) {
  const bool ungrouped_absence = metric_ == nullptr && rule_.group_by.empty();
  if (ungrouped_absence && open_.empty() && !visited_ungrouped_) {
    step({}, silence(0, nullptr, moment), open_.end(), moment.now, ids, changed);
  }
  visited_ungrouped_ = false;
  for (auto at = open_.begin(); at != open_.end();) {
    const auto open = at++;  // step() may erase it
    if (std::exchange(open->second.visited, false)) continue;
    Reading reading;
    const bool retired = !rule_.group_by.empty() &&
                         moment.now - open->second.alert.pending_since >= moment.memory_ms;
    if (metric_ == nullptr && !retired) reading = silence(0, &open->second.alert, moment);
    step(open->first, reading, open, moment.now, ids, changed);
  }
}

void RuleState::step(const Labels& group, const Reading& reading, Open::iterator open, TimeMs now,
                     UuidGenerator& ids, std::vector<Alert>& changed) {
  if (!reading.holds && open == open_.end()) return;
  const bool is_new = open == open_.end();
  if (is_new) open = open_.emplace(group, Entry{fresh(group, now, ids), true}).first;

  Alert& alert = open->second.alert;
  const AlertStatus before = alert.status;
  alert.value = reading.value;
  alert.threshold = metric_ != nullptr ? std::get<Threshold>(rule_.condition).bound  // a reload may have changed it
                                       : static_cast<double>(absence()->absent_ms) / 1000;
  alert.samples = reading.samples;
  alert.updated_at = now;
  alert.pending_since = std::min(alert.pending_since, now);  // if the clock was set back
  if (!reading.holds) {
    alert.status = AlertStatus::resolved;
    alert.resolved_at = now;
  } else if (alert.status == AlertStatus::pending && now - alert.pending_since >= rule_.for_ms) {
    alert.status = AlertStatus::firing;
    alert.firing_since = now;
  }
  if (is_new || alert.status != before) {
    // What ends keeps the words it began with: they would make no sense of a good value.
    if (reading.holds) alert = annotated(std::move(alert));
    changed.push_back(alert);
  }
  if (alert.status == AlertStatus::resolved) open_.erase(open);
}

Alert RuleState::fresh(const Labels& group, TimeMs now, UuidGenerator& ids) const {
  Alert alert;
  alert.id = ids.next(now);
  alert.rule = rule_.name;
  alert.severity = rule_.severity;
  alert.labels = group;
  alert.labels.insert(rule_.labels.begin(), rule_.labels.end());
  alert.labels.emplace("severity", to_string(rule_.severity));
  alert.metric = metric_of(rule_);
  alert.response_ms = rule_.response_ms;
  if (!rule_.action.empty()) alert.action.emplace().name = rule_.action;
  alert.pending_since = now;
  return alert;
}

/// Annotations are text about the values of the moment, so they are written when somebody looks.
Alert RuleState::annotated(Alert alert) const {
  alert.annotations.clear();
  for (const auto& [name, annotation] : annotations_) {
    alert.annotations.emplace(name, annotation.expand(alert, words_));
  }
  return alert;
}

void RuleState::append_open(std::vector<Alert>& out) const {
  for (const auto& entry : open_) out.push_back(annotated(entry.second.alert));
}

}  // namespace vitals::rules
