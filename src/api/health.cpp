#include "answer.h"
#include "route.h"

namespace vitals::api {

void get_livez(Context&, const Call& call) { call.respond(json_answer({{"status", "alive"}})); }

void get_readyz(Context& context, const Call& call) {
  const std::vector<std::string> reasons = context.services.not_ready();
  if (reasons.empty()) {
    call.respond(json_answer({{"status", "ready"}}));
  } else {
    call.respond(problem(503, reasons.front(), {{"reasons", reasons}}));
  }
}

}  // namespace vitals::api
