#include <algorithm>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {
constexpr std::uint32_t kValuesMax = 10'000;
}

void get_labels(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    call.respond(problem(known.error()));
    return;
  }
  const auto labels = context.services.queries.labels();
  call.respond(labels ? json_answer({{"labels", *labels}}) : problem(labels.error()));
}

void get_label_values(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"limit"}); !known) {
    call.respond(problem(known.error()));
    return;
  }
  const std::uint32_t most = std::min(kValuesMax, context.services.queries.options().groups_max);
  const auto limit = integer_parameter(call.request, "limit", most, most);
  if (!limit) {
    call.respond(problem(limit.error()));
    return;
  }
  const auto values = context.services.queries.label_values(call.arguments[0], *limit);
  call.respond(values ? json_answer({{"label", call.arguments[0]}, {"values", *values}})
                      : problem(values.error()));
}

}  // namespace vitals::api
