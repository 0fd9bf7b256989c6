#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

const char* to_string(notify::DeliveryState state) {
  switch (state) {
    case notify::DeliveryState::waiting:
      return "waiting";
    case notify::DeliveryState::delivered:
      return "delivered";
    case notify::DeliveryState::dead:
      return "dead";
  }
  return "";
}

}  // namespace

void get_deliveries(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"limit"}); !known) {
    call.respond(problem(known.error()));
    return;
  }
  const auto limit = integer_parameter(call.request, "limit", 100, 10'000);
  if (!limit) {
    call.respond(problem(limit.error()));
    return;
  }
  const auto deliveries = context.services.outbox.deliveries(*limit);
  if (!deliveries) {
    call.respond(problem(deliveries.error()));
    return;
  }
  Json list = Json::array();
  for (const notify::Delivery& one : *deliveries) {
    list.push_back({{"id", one.id},
                    {"receiver", one.receiver},
                    {"alert", one.alert},
                    {"event", one.event},
                    {"state", to_string(one.state)},
                    {"attempts", one.attempts},
                    {"created_at", time_or_null(one.created_at)},
                    {"next_try_at", time_or_null(one.next_try_at)},
                    {"done_at", time_or_null(one.done_at)},
                    {"last_error", one.last_error.empty() ? Json() : Json(one.last_error)}});
  }
  call.respond(json_answer({{"deliveries", std::move(list)}}));
}

}  // namespace vitals::api
