#include <algorithm>

#include <vitals/model/matcher.h>

#include "alert_json.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr std::uint32_t kAlertsMax = 10'000;

/// Alerts of one status, or `open` (all but resolved), `active` (open and not pending) or `all`.
Result<std::vector<model::Alert>> select(const pipeline::AlertBook& book, std::string_view status,
                                         std::uint32_t limit) {
  std::vector<model::Alert> alerts;
  if (status != "resolved") {
    auto open = book.open_alerts();
    if (!open) return open;
    alerts = *std::move(open);
  }
  if (status == "resolved" || status == "all") {
    auto resolved = book.history(limit);
    if (!resolved) return resolved;
    alerts.insert(alerts.end(), resolved->begin(), resolved->end());
  }
  std::erase_if(alerts, [status](const model::Alert& alert) {
    if (status == "open" || status == "all") return false;
    if (status == "active") return !is_active(alert.status);
    return model::to_string(alert.status) != status;
  });
  return alerts;
}

/// All `filter=` parameters: conditions on labels.
Result<std::vector<model::Filter>> matchers_of(const net::Request& request) {
  std::vector<model::Filter> matchers;
  for (const auto& [name, text] : request.query) {
    if (name != "filter") continue;
    auto matcher = model::parse_matcher(text);
    if (!matcher) return Error{Errc::invalid_argument, "filter: " + matcher.error().message};
    matchers.push_back(*std::move(matcher));
  }
  return matchers;
}

/// An alert, and as long as it is open what its rule says of it by now.
Json with_current(const model::Alert& alert, const std::vector<rules::LiveValue>& values) {
  Json json = alert_json(alert);
  const auto live = std::lower_bound(
      values.begin(), values.end(), alert.id,
      [](const rules::LiveValue& value, const std::string& id) { return value.alert < id; });
  if (live != values.end() && live->alert == alert.id && alert.resolved_at == 0) {
    json["current"] = {
        {"value", or_null(live->value)}, {"samples", live->samples}, {"at", live->at}};
  }
  return json;
}

}  // namespace

void get_alerts(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"status", "filter", "limit"}); !known) {
    call.respond(problem(known.error()));
    return;
  }
  const std::string* given = call.request.parameter("status");
  const std::string status = given != nullptr ? *given : "open";
  constexpr std::string_view kKnown[] = {"open",      "active",       "pending",  "firing",
                                         "escalated", "acknowledged", "resolved", "all"};
  if (std::find(std::begin(kKnown), std::end(kKnown), status) == std::end(kKnown)) {
    call.respond(bad_parameter("status",
                               "expected open, active, pending, firing, escalated, "
                               "acknowledged, resolved or all"));
    return;
  }
  const auto limit = integer_parameter(call.request, "limit", 1000, kAlertsMax);
  if (!limit) {
    call.respond(problem(limit.error()));
    return;
  }
  const auto matchers = matchers_of(call.request);
  if (!matchers) {
    call.respond(problem(matchers.error()));
    return;
  }
  auto alerts = select(context.services.alerts, status, matchers->empty() ? *limit : kAlertsMax);
  if (!alerts) {
    call.respond(problem(alerts.error()));
    return;
  }
  std::erase_if(*alerts,
                [&](const model::Alert& alert) { return !model::matches(*matchers, alert); });
  if (alerts->size() > *limit) alerts->resize(*limit);
  const auto values = context.services.spine.live_values();
  Json list = Json::array();
  for (const model::Alert& alert : *alerts) list.push_back(with_current(alert, *values));
  call.respond(json_answer({{"alerts", std::move(list)}}));
}

void get_alert(Context& context, const Call& call) {
  const auto alert = context.services.alerts.find(call.arguments[0]);
  if (!alert) {
    call.respond(problem(alert.error()));
  } else if (!*alert) {
    call.respond(problem(404, "there is no alert with this id"));
  } else {
    call.respond(json_answer(with_current(**alert, *context.services.spine.live_values())));
  }
}

}  // namespace vitals::api
