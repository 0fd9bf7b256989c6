#include <algorithm>

#include <vitals/base/time_text.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

/// `20261123T203015Z`.
std::string name_of(TimeMs now) {
  std::string name = format_rfc3339(now);
  name.erase(name.find('.'));
  name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return c == '-' || c == ':'; }),
             name.end());
  return name + 'Z';
}

}  // namespace

/// A whole copy of what is stored, below the folder that is configured for them.
void post_backup(Context& context, const Call& call) {
  const Services& services = context.services;
  if (auto known = only_parameters(call.request, {"name"}); !known) {
    return call.respond(problem(known.error()));
  }
  const std::string* given = call.request.parameter("name");
  const std::string name = given == nullptr ? name_of(services.clock.now_ms()) : *given;
  const Result<std::uint64_t> bytes = services.backup(name);
  if (!bytes) return call.respond(problem(bytes.error()));
  services.logger->info("backup {} made, as {} asked", name, call.request.peer);
  call.respond(json_answer({{"backup", name}, {"bytes", *bytes}}));
}

}  // namespace vitals::api
