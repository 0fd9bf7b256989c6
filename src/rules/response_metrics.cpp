#include "response_metrics.h"

namespace vitals::rules {

ResponseMetrics::ResponseMetrics(telemetry::Registry& telemetry) {
  using model::Severity;
  const std::vector<double> bounds{10, 30, 60, 300, 600, 1'800, 3'600, 14'400, 86'400, 172'800};
  for (const Severity severity : {Severity::informational, Severity::warning, Severity::critical}) {
    const telemetry::Labels labels{{"severity", to_string(severity)}};
    severities_[static_cast<std::size_t>(severity)] = {
        &telemetry.counter("vitals_alerts_fired_total", "Alerts that began to fire.", labels),
        &telemetry.histogram("vitals_alert_acknowledge_seconds",
                             "Time from firing to the first acknowledgement.", bounds, labels),
        &telemetry.histogram("vitals_alert_resolve_seconds", "Time from firing to resolved.",
                             bounds, labels),
        &telemetry.counter("vitals_alert_response_breaches_total",
                           "Alerts that nobody acknowledged within their response time.", labels)};
  }
}

}  // namespace vitals::rules
