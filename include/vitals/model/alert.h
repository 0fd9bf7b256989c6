#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <vitals/base/clock.h>

namespace vitals::model {

enum class Severity : std::uint8_t { informational, warning, critical };
enum class AlertStatus : std::uint8_t { pending, firing, resolved };

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
  std::optional<double> threshold;  ///< the bound that was crossed
  std::uint64_t samples = 0;        ///< executions behind `value`
  TimeMs pending_since = 0;
  TimeMs firing_since = 0;
  TimeMs resolved_at = 0;
  TimeMs updated_at = 0;

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
    case AlertStatus::resolved:
      return "resolved";
  }
  return "";
}

}  // namespace vitals::model
