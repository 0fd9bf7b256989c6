#include "incident_options.h"

#include <string>
#include <vector>

#include <vitals/notify/outbox.h>

namespace vitals::app {

rules::IncidentOptions incident_options(const config::Config& config, const Clock& clock) {
  rules::IncidentOptions options = config.incidents;
  options.escalation_steps = [routes = config.notify.routes, &clock](const model::Alert& alert) {
    return notify::escalation_steps(routes, alert, clock.now_ms());
  };
  options.receivers = [routes = config.notify.routes, &clock](const model::Alert& alert) {
    std::vector<std::string> names;
    for (const auto& to : notify::recipients(routes, alert, clock.now_ms())) {
      names.push_back(to.receiver);
    }
    return names;
  };
  return options;
}

}  // namespace vitals::app
