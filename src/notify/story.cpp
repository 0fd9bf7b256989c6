#include "story.h"

#include <fmt/format.h>

#include <vitals/base/number_text.h>
#include <vitals/base/time_text.h>
#include <vitals/model/filter.h>

#include "text.h"

namespace vitals::notify {
namespace {

using model::Alert;

bool is_web_link(std::string_view url) {
  return (url.starts_with("http://") || url.starts_with("https://")) &&
         url.find_first_of(" \"<>|") == std::string_view::npos;
}

/// The annotation, clean; "" without one.
std::string annotation(const Alert& alert, const std::string& name) {
  const auto found = alert.annotations.find(name);
  return found == alert.annotations.end() ? std::string() : clean(found->second);
}

std::string state_of(const Notice& notice) {
  switch (notice.event) {
    case Event::escalated:
      return "Escalated";
    case Event::acknowledged:
      return "Acknowledged";
    case Event::resolved:
      return "Resolved";
    case Event::firing:
      break;
  }
  std::string severity = to_string(notice.alert.severity);
  for (char& c : severity) c = static_cast<char>(c - 'a' + 'A');
  return severity;
}

std::string how_bad(const Alert& alert) {
  if (!alert.value) return {};
  std::string text = alert.metric.empty() ? "value" : one_line(alert.metric);
  text += " " + number_text(*alert.value);
  if (alert.threshold) {
    const std::string against = alert.against.empty() ? "bound" : one_line(alert.against);
    text += ", " + against + " " + number_text(*alert.threshold);
  }
  if (alert.samples > 0) text += fmt::format(", {} samples", alert.samples);
  return text;
}

/// Said by the diagnosis, or else what part of the executions the alert is about.
std::string affected(const Alert& alert) {
  if (std::string text = annotation(alert, "affected"); !text.empty()) return text;
  std::string text;
  for (const auto& [name, value] : alert.labels) {
    if (!model::is_field(name) || value.empty()) continue;
    text += (text.empty() ? "" : ", ") + one_line(name) + " " + one_line(value);
  }
  return text.empty() ? "all executions" : text;
}

std::string response(const Notice& notice) {
  const Alert& alert = notice.alert;
  std::string text;
  if (alert.acknowledged_at != 0) {
    text = "acknowledged " + time_text(alert.acknowledged_at);
    if (!alert.acknowledged_by.empty()) text += " by " + one_line(alert.acknowledged_by);
  } else if (notice.event == Event::escalated) {
    text = fmt::format("nobody acknowledged it in time (escalation {})", alert.escalations);
  } else if (notice.event == Event::firing && alert.due_at != 0) {
    text = "acknowledge before " + time_text(alert.due_at);
  }
  if (!alert.assignee.empty()) {
    text += (text.empty() ? "assigned to " : ", assigned to ") + one_line(alert.assignee);
  }
  return text;
}

std::string action_text(const Alert& alert) {
  if (!alert.action) return {};
  std::string text = one_line(alert.action->name) + " " + to_string(alert.action->state);
  if (alert.action->dry_run) text += " (dry run)";
  if (!alert.action->rollback_to.empty()) {
    text += ", back to version " + one_line(alert.action->rollback_to);
  }
  return text;
}

void add(const char* name, std::string text, std::vector<Story::Part>& parts) {
  if (!text.empty()) parts.push_back({name, std::move(text)});
}

void add_times(const Notice& notice, std::vector<Story::Part>& facts) {
  const Alert& alert = notice.alert;
  const TimeMs since = alert.pending_since != 0 ? alert.pending_since : alert.firing_since;
  add("Since", since == 0 ? "" : time_text(since), facts);
  if (notice.event == Event::resolved && since != 0 && alert.resolved_at >= since) {
    add("Lasted", span_text(alert.resolved_at - since) + ", until " + time_text(alert.resolved_at),
        facts);
  }
}

}  // namespace

std::string time_text(TimeMs time) {
  std::string text = format_rfc3339(time).substr(0, 16);
  if (const std::size_t t = text.find('T'); t != std::string::npos) text[t] = ' ';
  return text + " UTC";
}

std::string span_text(DurationMs span) {
  struct Unit {
    DurationMs ms;
    const char* name;
  };
  constexpr Unit kUnits[] = {{kDayMs, "d"}, {kHourMs, "h"}, {kMinuteMs, "min"}, {kSecondMs, "s"}};
  std::string text;
  int used = 0;
  for (const Unit& unit : kUnits) {
    if (used == 0 && span < unit.ms) continue;
    if (++used > 2) break;
    if (const DurationMs count = span / unit.ms; count > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit.name);
    }
    span %= unit.ms;
  }
  return text.empty() ? "less than a second" : text;
}

std::string alert_url(const Alert& alert, const std::string& external_url) {
  if (external_url.empty()) return {};
  const std::string_view base(external_url);
  return std::string(base.substr(0, base.find_last_not_of('/') + 1)) + "/api/v1/alerts/" + alert.id;
}

Story tell(const Notice& notice, const std::string& external_url) {
  const Alert& alert = notice.alert;
  Story story;
  story.state = state_of(notice);
  story.title = one_line(annotation(alert, "summary"));
  if (story.title.empty()) story.title = one_line(alert.rule);
  story.description = annotation(alert, "description");

  add_times(notice, story.facts);
  // The value of an alert that is over is the one that ended it.
  add(notice.event == Event::resolved ? "Now" : "How bad", how_bad(alert), story.facts);
  add("Affected", affected(alert), story.facts);
  add("Response", response(notice), story.facts);
  add("Recovery", action_text(alert), story.facts);
  if (alert.flapping) add("Flapping", "it comes and goes", story.facts);

  const std::string runbook = annotation(alert, "runbook_url");
  std::string next = notice.event == Event::resolved ? "" : annotation(alert, "next_step");
  add("Likely cause", annotation(alert, "cause"), story.advice);
  add("Errors", annotation(alert, "errors"), story.advice);
  add("Next step", std::move(next), story.advice);
  if (is_web_link(runbook)) {
    story.links.push_back({"Runbook", runbook});
  } else {
    add("Runbook", runbook, story.advice);
  }
  if (const std::string url = alert_url(alert, external_url); is_web_link(url)) {
    story.links.push_back({"Alert", url});
  }
  for (const auto& [name, value] : alert.labels) {
    story.labels.push_back({one_line(name), one_line(value)});
  }
  return story;
}

}  // namespace vitals::notify
