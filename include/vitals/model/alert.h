#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::model {

enum class Severity : std::uint8_t { informational, warning, critical };

/// pending → firing → resolved. While it fires, nobody in time makes it escalated, and somebody who
/// takes it on makes it acknowledged.
enum class AlertStatus : std::uint8_t { pending, firing, escalated, acknowledged, resolved };

/// Its rule holds and has held for long enough.
constexpr bool is_active(AlertStatus status) {
  return status == AlertStatus::firing || status == AlertStatus::escalated ||
         status == AlertStatus::acknowledged;
}

/// One line in the story of an alert.
struct AlertEntry {
  TimeMs at = 0;
  std::string what;  ///< firing, acknowledged, assigned, comment, escalated, silenced, action, …
  std::string by;    ///< who; "" is the daemon
  std::string text;

  bool operator==(const AlertEntry&) const = default;
};

/// What may be done about an alert by itself, and how far that is.
struct AlertAction {
  /// waiting for approval, sent (the outbox tries), taken (2xx), failed (given up), or held back by
  /// the action's rate limit.
  enum class State : std::uint8_t { proposed, requested, succeeded, failed, held_back };
  std::string name;
  State state = State::proposed;
  bool dry_run = false;
  std::string rollback_to;  ///< the last version that met its benchmarks; "" when none is known
  std::string approved_by;
  std::string error;

  bool operator==(const AlertAction&) const = default;
};

/// One incident: a rule that holds for one group of executions, from pending to resolved.
/// A plain value; times are 0 until they are known.
struct Alert {
  std::string id;    ///< UUIDv7, one per incident; the idempotency key of its notifications
  std::string rule;  ///< the rule's name
  Severity severity = Severity::warning;
  AlertStatus status = AlertStatus::pending;
  std::map<std::string, std::string> labels;  ///< the group, and the rule's own labels
  /// summary, description, runbook_url, …; of a resolved alert as they were when it fired.
  std::map<std::string, std::string> annotations;
  std::string metric;
  std::optional<double> value;      ///< at the last evaluation
  std::optional<double> threshold;  ///< the bound that was crossed, or what `against` says
  std::string against;              ///< `usual limit`, `version v7`; "" is a bound
  std::uint64_t samples = 0;        ///< executions behind `value`
  TimeMs pending_since = 0;
  TimeMs firing_since = 0;
  TimeMs resolved_at = 0;
  TimeMs updated_at = 0;

  /// Receivers were told first; 0 while it is silenced, inhibited or still being diagnosed.
  TimeMs announced_at = 0;
  DurationMs response_ms = 0;  ///< so soon somebody must acknowledge it; 0: no clock runs
  TimeMs due_at = 0;           ///< when it escalates (further); 0: never
  std::uint32_t escalations = 0;
  TimeMs escalated_at = 0;  ///< the last time
  TimeMs acknowledged_at = 0;
  std::string acknowledged_by;
  std::string assignee;
  std::string suppressed_by;      ///< `silence ID` or `alert ID` while nobody is told; else ""
  bool flapping = false;          ///< it came and went so often that it now stays until it is quiet
  std::vector<std::string> told;  ///< names of the receivers that were told of it, in that order
  std::optional<AlertAction> action;
  std::vector<AlertEntry> timeline;  ///< oldest first

  bool operator==(const Alert&) const = default;
};

constexpr const char* to_string(Severity severity) {
  switch (severity) {
    case Severity::informational:
      return "informational";
    case Severity::warning:
      return "warning";
    case Severity::critical:
      return "critical";
  }
  return "";
}

constexpr const char* to_string(AlertStatus status) {
  switch (status) {
    case AlertStatus::pending:
      return "pending";
    case AlertStatus::firing:
      return "firing";
    case AlertStatus::escalated:
      return "escalated";
    case AlertStatus::acknowledged:
      return "acknowledged";
    case AlertStatus::resolved:
      return "resolved";
  }
  return "";
}

constexpr const char* to_string(AlertAction::State state) {
  switch (state) {
    case AlertAction::State::proposed:
      return "proposed";
    case AlertAction::State::requested:
      return "requested";
    case AlertAction::State::succeeded:
      return "succeeded";
    case AlertAction::State::failed:
      return "failed";
    case AlertAction::State::held_back:
      return "held_back";
  }
  return "";
}

}  // namespace vitals::model
