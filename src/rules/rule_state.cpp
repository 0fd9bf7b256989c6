#include "rule_state.h"

#include <algorithm>
#include <utility>

#include <vitals/base/time_text.h>

#include "rule_check.h"

namespace vitals::rules {

using model::Alert;
using model::AlertStatus;

namespace {

std::string unit_of(const Rule& rule, const metrics::Metric* metric) {
  if (metric != nullptr) return metric->info().unit;
  if (std::holds_alternative<Absence>(rule.condition)) return "seconds";
  if (std::holds_alternative<BurnRate>(rule.condition)) return "times the budget";
  return std::holds_alternative<Composite>(rule.condition) ? "rules" : "";
}

/// What people read first, of a rule that does not say it:
/// `slow: duration_ms is 900 ms (prompt checkout)`.
std::string default_summary(const Rule& rule, const std::string& unit,
                            const std::vector<std::string>& group_fields) {
  const std::string value = unit.empty() ? "{{value}}" : "{{value}} {{unit}}";
  std::string text = "{{rule}}: ";
  if (std::holds_alternative<Unhealthy>(rule.condition)) {
    text += "{{why}}";
  } else if (std::holds_alternative<Absence>(rule.condition)) {
    text += "nothing for " + value;
  } else {
    text += metric_of(rule).empty() ? value : "{{metric}} is " + value;
  }
  for (const std::string& field : group_fields) {
    text += &field == &group_fields.front() ? " (" : ", ";
    text.append(field).append(" {{labels.").append(field).append("}}");
  }
  return group_fields.empty() ? text : text + ")";
}

}  // namespace

Result<RuleState> RuleState::make(Rule rule, const metrics::Metric* metric,
                                  std::vector<std::string> group_fields) {
  RuleState state;
  std::vector<std::string> labels = group_fields;
  for (const auto& label : rule.labels) labels.push_back(label.first);
  labels.emplace_back("severity");
  state.words_ = {format_duration(span_of(rule)), unit_of(rule, metric)};
  auto annotations = rule.annotations;
  annotations.try_emplace("summary", default_summary(rule, state.words_.unit, group_fields));
  for (const auto& [name, text] : annotations) {
    auto annotation = Annotation::parse(text, labels, words_of(rule.condition));
    if (!annotation) return rule_error(rule, "annotations." + name, annotation.error().message);
    state.annotations_.emplace(name, *std::move(annotation));
  }
  state.metric_ = metric;
  state.group_fields_ = std::move(group_fields);
  state.rule_ = std::move(rule);
  return state;
}

bool RuleState::restore(const Alert& alert, DurationMs blind_ms) {
  Labels group;
  for (const auto& [name, value] : alert.labels) {
    if (std::count(group_fields_.begin(), group_fields_.end(), name) != 0) {
      group.emplace(name, value);
    } else if (model::is_field(name) && rule_.labels.count(name) == 0) {
      return false;  // the rule grouped by this field once
    }
  }
  Entry entry{alert};
  if (alert.status == AlertStatus::pending && blind_ms > 0) {
    entry.alert.pending_since += blind_ms;
    entry.is_new = true;
  }
  return open_.emplace(std::move(group), std::move(entry)).second;
}

void RuleState::take(const Labels& group, const Reading& reading, const Moment& moment,
                     Changes changes) {
  auto open = open_.empty() ? open_.end() : open_.find(group);
  if (open == open_.end()) {
    if (!reading.holds || changes.room == 0 || !may_begin(moment.now)) return;
    open = open_.emplace(group, Entry{fresh(group, moment.now, changes.ids)}).first;
    open->second.is_new = true;
  }
  open->second.taken = true;
  step(open, reading, moment, changes);
}

bool RuleState::is_retired(const Entry& entry, const Moment& moment) const {
  return is_on_history(rule_) && moment.now - entry.held_at >= moment.memory_ms;
}

/// Where the alert goes from here.
AlertStatus RuleState::next_status(Entry& entry, const Reading& reading,
                                   const Moment& moment) const {
  const Alert& alert = entry.alert;
  if (alert.status == AlertStatus::pending) {
    if (!reading.holds || !may_begin(moment.now)) return AlertStatus::resolved;
    return moment.now - alert.pending_since >= rule_.for_ms ? AlertStatus::firing
                                                            : AlertStatus::pending;
  }
  if (reading.holds || (!reading.clears && !is_retired(entry, moment))) {
    entry.well_since = 0;
    return alert.status;
  }
  if (entry.well_since == 0 || entry.well_since > moment.now) entry.well_since = moment.now;
  const bool well = moment.now - entry.well_since >= rule_.keep_firing_ms;
  return well ? AlertStatus::resolved : alert.status;
}

void RuleState::step(Open::iterator open, const Reading& reading, const Moment& moment,
                     Changes changes) {
  Entry& entry = open->second;
  Alert& alert = entry.alert;
  const TimeMs now = moment.now;
  alert.pending_since = std::min(alert.pending_since, now);  // if the clock was set back
  // When a restored one held last is not known.
  if (reading.holds || entry.held_at == 0 || entry.held_at > now) entry.held_at = now;
  const AlertStatus before = alert.status;
  const AlertStatus next = next_status(entry, reading, moment);
  const bool tells = (next != before || entry.is_new) && changes.room > 0;
  alert.value = reading.value;
  if (reading.threshold) {
    alert.threshold = reading.threshold;
    alert.against = reading.against;
  }
  alert.samples = reading.samples;
  alert.updated_at = now;
  entry.judged = true;
  if (reading.holds) entry.words = reading.words;
  if (!tells) return;

  --changes.room;
  entry.is_new = false;
  alert.status = next;
  if (alert.status == AlertStatus::resolved) alert.resolved_at = now;
  if (alert.status == AlertStatus::firing && before == AlertStatus::pending) {
    alert.firing_since = now;
  }
  // What ends keeps the words it began with: they would make no sense of a good value.
  if (reading.holds) annotate(entry, alert);
  changes.alerts.push_back(alert);
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
void RuleState::annotate(const Entry& entry, Alert& alert) const {
  alert.annotations.clear();
  for (const auto& [name, annotation] : annotations_) {
    alert.annotations.emplace(name, annotation.expand(alert, words_, entry.words));
  }
}

const Alert* RuleState::open(const Labels& group) const {
  const auto found = open_.find(group);
  return found == open_.end() ? nullptr : &found->second.alert;
}

void RuleState::append_open(std::vector<Alert>& out) const {
  for (const auto& [group, entry] : open_) {
    out.push_back(entry.alert);
    if (entry.judged) annotate(entry, out.back());
  }
}

void RuleState::append_values(std::vector<LiveValue>& out) const {
  for (const auto& [group, entry] : open_) {
    const Alert& alert = entry.alert;
    out.push_back({alert.id, alert.value, alert.samples, alert.updated_at});
  }
}

std::vector<const Labels*> RuleState::firing() const {
  std::vector<const Labels*> groups;
  for (const auto& [group, entry] : open_) {
    if (is_active(entry.alert.status)) groups.push_back(&group);
  }
  return groups;
}

}  // namespace vitals::rules
