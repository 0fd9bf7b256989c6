#include "config_watch.h"

#include <utility>

namespace vitals::app {

ConfigWatch::ConfigWatch(telemetry::Registry& telemetry, TimeMs loaded_at)
    : successful_(telemetry.gauge("vitals_config_last_reload_successful",
                                  "1 when the configuration was taken the last time it was read.")),
      success_seconds_(
          telemetry.gauge("vitals_config_last_reload_success_timestamp_seconds",
                          "When the configuration in force was read, in seconds since 1970.")) {
  loaded(loaded_at);
}

void ConfigWatch::loaded(TimeMs now) {
  state_.with([now](api::ConfigState& state) { state = {now, 0, ""}; });
  successful_.set(1);
  success_seconds_.set(static_cast<double>(now) / 1000);
}

void ConfigWatch::refused(TimeMs now, std::string error) {
  state_.with([&](api::ConfigState& state) {
    state.refused_at = now;
    state.error = std::move(error);
  });
  successful_.set(0);
}

api::ConfigState ConfigWatch::state() const {
  return state_.with([](const api::ConfigState& state) { return state; });
}

}  // namespace vitals::app
