#pragma once

#include <array>

#include <vitals/model/alert.h>
#include <vitals/telemetry/registry.h>

namespace vitals::rules {

/// How quickly people take alerts on (their mean is MTTA), how long those last (MTTR), and how
/// often nobody came in time.
class ResponseMetrics {
 public:
  explicit ResponseMetrics(telemetry::Registry& telemetry);

  void fired(const model::Alert& alert) { of(alert).fired->add(); }
  void acknowledged(const model::Alert& alert) {
    of(alert).acknowledge->observe(seconds(alert.acknowledged_at - alert.firing_since));
  }
  void resolved(const model::Alert& alert) {
    of(alert).resolve->observe(seconds(alert.resolved_at - alert.firing_since));
  }
  void breached(const model::Alert& alert) { of(alert).breaches->add(); }

 private:
  struct PerSeverity {
    telemetry::Counter* fired;
    telemetry::Histogram* acknowledge;
    telemetry::Histogram* resolve;
    telemetry::Counter* breaches;
  };
  static double seconds(DurationMs duration_ms) { return static_cast<double>(duration_ms) / 1000; }
  PerSeverity& of(const model::Alert& alert) {
    return severities_[static_cast<std::size_t>(alert.severity)];
  }

  std::array<PerSeverity, 3> severities_{};
};

}  // namespace vitals::rules
