#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/rules/incidents.h>

#include "flapping.h"
#include "recovery.h"
#include "response_metrics.h"
#include "suppression.h"

namespace vitals::rules {

/// What Incidents knows, and what it does to one alert by itself. Every alert that may need
/// something is in the agenda, under the time at which it is to be looked at; looking at it once
/// too often does no harm.
struct Incidents::State {
  State(IncidentOptions given, telemetry::Registry& telemetry)
      : options(std::move(given)), metrics(telemetry) {}

  // --- What is saved, and told ----------------------------------------------------------------

  /// The alert as it is now is told.
  void tell(model::Alert& alert, Telling telling);
  /// The alert is saved once all have been reviewed.
  void touch(const model::Alert& alert) { touched.insert(alert.id); }
  void note(model::Alert& alert, TimeMs now, std::string what, const Person& person = {});
  /// A story is bounded; what the daemon itself adds only a few times is noted anyway.
  static constexpr std::size_t kTimelineMax = 500;
  static bool has_room(const model::Alert& alert) { return alert.timeline.size() < kTimelineMax; }

  // --- What becomes of an alert ---------------------------------------------------------------

  void begin(model::Alert& alert, TimeMs now);
  /// One that ends while its diagnosis is waited for is told with both its ends.
  void announce_late(model::Alert& alert, TimeMs now);
  void end(model::Alert& alert, TimeMs now);
  /// What an active alert needs at this moment; when it needs something next.
  void review(model::Alert& alert, TimeMs now);
  /// Calls the alert's action, unless that was called too often lately. The change is the caller's.
  void request(model::Alert& alert, const Person& person, bool dry_run, TimeMs now);
  /// The clock was set back: nobody waits longer than they would have.
  void set_back(TimeMs now);

  // --- When -----------------------------------------------------------------------------------

  void look_at(const std::string& id, TimeMs when = 0) { agenda.emplace(when, id); }
  void look_at_all();
  Suppression::Concerned look_now() {
    return [this](const std::string& id) { look_at(id); };
  }

  IncidentOptions options;
  ResponseMetrics metrics;
  std::map<std::string, model::Alert> open;  ///< by id
  /// Over, but what became of their action is yet to be said.
  std::map<std::string, model::Alert> unanswered;
  Suppression suppression;
  Flapping flapping;
  Recovery recovery;
  std::set<std::pair<TimeMs, std::string>> agenda;  ///< a time of 0 is at once
  TimeMs next_silence = 0;                          ///< when one begins or ends
  TimeMs next_forget = 0;
  TimeMs stepped_at = 0;
  std::vector<std::string> to_diagnose;
  std::map<std::string, TimeMs> diagnosing;  ///< until when the notice waits for it
  std::set<std::string> undiagnosed;         ///< asked for, not come yet
  std::set<std::string> uncalled;            ///< told while their automatic action waits for it
  std::vector<Change> changes;
  std::set<std::string> touched;       ///< open ones that changed since they were last told
  bool reviewed = true;                ///< nothing in the agenda is overdue
  std::set<std::string> to_be_called;  ///< whose next change asks for their action
  std::set<std::string> hushed;        ///< whose next change says that they are kept quiet

 private:
  void announce(model::Alert& alert, TimeMs now);
  const ActionPolicy* policy_of(const model::Alert& alert) const;
  void propose_action(model::Alert& alert, TimeMs now);
  void call_action(model::Alert& alert, TimeMs now);
  void escalate(model::Alert& alert, TimeMs now);
  bool awaits_diagnosis(const model::Alert& alert, TimeMs now);
  std::string suppressor_of(const model::Alert& alert, TimeMs now);
  void set_suppressor(model::Alert& alert, TimeMs now);
};

}  // namespace vitals::rules
