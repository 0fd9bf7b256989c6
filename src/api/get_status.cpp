#include <cmath>

#include <vitals/base/build_info.h>

#include "answer.h"
#include "route.h"

namespace vitals::api {
namespace {

Json number(double value) {
  if (std::floor(value) == value) return static_cast<std::int64_t>(value);
  return value;
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
                   {"not_ready", reasons}};
  for (const StatusEntry& entry : services.status()) {
    document[entry.section][entry.name] = number(entry.value);
  }
  document["recovery"] = services.recovery_findings();
  call.respond(json_answer(document));
}

}  // namespace vitals::api
