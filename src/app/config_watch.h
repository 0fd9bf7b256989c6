#pragma once

#include <string>

#include <vitals/api/api.h>
#include <vitals/base/clock.h>
#include <vitals/base/guarded.h>
#include <vitals/telemetry/registry.h>

namespace vitals::app {

/// Remembers how the configuration was read last, and says so in `/metrics` by the names that
/// Prometheus has for its own. Thread-safe.
class ConfigWatch {
 public:
  ConfigWatch(telemetry::Registry& telemetry, TimeMs loaded_at);

  void loaded(TimeMs now);
  /// `error` is for people, without names of folders.
  void refused(TimeMs now, std::string error);
  api::ConfigState state() const;

 private:
  telemetry::Gauge& successful_;
  telemetry::Gauge& success_seconds_;
  Guarded<api::ConfigState> state_;
};

}  // namespace vitals::app
