#pragma once

#include <string>
#include <vector>

#include <vitals/notify/outbox.h>

namespace vitals::notify {

/// What people are told about an incident, before a channel gives it its form: what happened, since
/// when, how bad, who is affected, the likely cause, the next step. Clean texts (text.h), in full
/// length.
struct Story {
  struct Part {
    std::string name;  ///< `Since`, `Likely cause`, …
    std::string text;
  };
  struct Link {
    std::string text;
    std::string url;  ///< http or https
  };
  std::string state;         ///< `CRITICAL`, …; `Escalated`, `Acknowledged`, `Resolved`
  std::string title;         ///< one line: the rule's summary
  std::string description;   ///< what happened, in a sentence or two; may be ""
  std::vector<Part> facts;   ///< short ones
  std::vector<Part> advice;  ///< cause, errors, next step, as far as known
  std::vector<Part> labels;
  std::vector<Link> links;  ///< runbook, alert

  /// `CRITICAL: Success rate of checkout collapsed`.
  std::string headline() const { return state + ": " + title; }
};

/// `external_url` is where people reach this daemon, "" when nowhere.
Story tell(const Notice& notice, const std::string& external_url);

/// The alert's page at this daemon, "" without one.
std::string alert_url(const model::Alert& alert, const std::string& external_url);

/// `2026-11-23 07:05 UTC`.
std::string time_text(TimeMs time);
/// `3 min`, `2 h 5 min`, `4 d 3 h`: the two largest units.
std::string span_text(DurationMs span);

}  // namespace vitals::notify
