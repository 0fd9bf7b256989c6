#include <cmath>
#include <map>
#include <string>

#include <vitals/base/build_info.h>

#include "answer.h"
#include "route.h"

namespace vitals::api {
namespace {

Json number(double value) {
  if (std::floor(value) == value) return static_cast<std::int64_t>(value);
  return value;
}

/// Each component of the daemon: null when it is well, else why it is not.
Json components_json(const std::map<std::string, std::string>& unwell) {
  Json components = Json::object();
  for (const std::string_view component : rules::kComponents) {
    const auto found = unwell.find(std::string(component));
    components[std::string(component)] = found == unwell.end() ? Json() : Json(found->second);
  }
  return components;
}

Json config_json(const ConfigState& config) {
  const bool refused = config.refused_at != 0;
  return {{"loaded_at", config.loaded_at},
          {"refused_at", refused ? Json(config.refused_at) : Json()},
          {"error", refused ? Json(config.error) : Json()}};
}

Json keys_json(const registry::Pseudonyms& pseudonyms) {
  const TimeMs made_at = pseudonyms.key_since();
  return {{"made_at", made_at == 0 ? Json() : Json(made_at)},
          {"retired", pseudonyms.retired_keys()}};
}

}  // namespace

void get_status(Context& context, const Call& call) {
  const Services& services = context.services;
  const BuildInfo build = build_info();
  const std::vector<std::string> reasons = services.not_ready();
  Json document = {{"version", build.version},
                   {"commit", build.commit},
                   {"started_at", services.started_at},
                   {"uptime_ms", services.clock.now_ms() - services.started_at},
                   {"ready", reasons.empty()},
                   {"not_ready", reasons},
                   {"components", components_json(services.spine.unwell())},
                   {"configuration", config_json(services.config())},
                   {"pseudonym_keys", keys_json(services.pseudonyms)}};
  for (const StatusEntry& entry : services.status()) {
    document[entry.section][entry.name] = number(entry.value);
  }
  document["recovery"] = services.recovery_findings();
  call.respond(json_answer(document));
}

}  // namespace vitals::api
