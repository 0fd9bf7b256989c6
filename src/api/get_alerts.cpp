#include <algorithm>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr std::uint32_t kAlertsMax = 10'000;

Json alert_json(const model::Alert& alert) {
  return {{"id", alert.id},
          {"rule", alert.rule},
          {"severity", model::to_string(alert.severity)},
          {"status", model::to_string(alert.status)},
          {"labels", alert.labels},
          {"annotations", alert.annotations},
          {"metric", alert.metric.empty() ? Json() : Json(alert.metric)},
          {"value", or_null(alert.value)},
          {"threshold", or_null(alert.threshold)},
          {"samples", alert.samples},
          {"pending_since", time_or_null(alert.pending_since)},
          {"firing_since", time_or_null(alert.firing_since)},
          {"resolved_at", time_or_null(alert.resolved_at)},
          {"updated_at", time_or_null(alert.updated_at)}};
}

/// Alerts of one status, or `open` (pending and firing) or `all`.
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
  if (status == "pending" || status == "firing") {
    std::erase_if(alerts, [status](const model::Alert& alert) {
      return model::to_string(alert.status) != status;
    });
  }
  if (alerts.size() > limit) alerts.resize(limit);
  return alerts;
}

}  // namespace

void get_alerts(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"status", "limit"}); !known) {
    call.respond(problem(known.error()));
    return;
  }
  const std::string* given = call.request.parameter("status");
  const std::string status = given != nullptr ? *given : "open";
  constexpr std::string_view kKnown[] = {"open", "pending", "firing", "resolved", "all"};
  if (std::find(std::begin(kKnown), std::end(kKnown), status) == std::end(kKnown)) {
    call.respond(bad_parameter("status", "expected open, pending, firing, resolved or all"));
    return;
  }
  const auto limit = integer_parameter(call.request, "limit", 1000, kAlertsMax);
  if (!limit) {
    call.respond(problem(limit.error()));
    return;
  }
  const auto alerts = select(context.services.alerts, status, *limit);
  if (!alerts) {
    call.respond(problem(alerts.error()));
    return;
  }
  Json list = Json::array();
  for (const model::Alert& alert : *alerts) list.push_back(alert_json(alert));
  call.respond(json_answer({{"alerts", std::move(list)}}));
}

void get_alert(Context& context, const Call& call) {
  const auto alert = context.services.alerts.find(call.arguments[0]);
  if (!alert) {
    call.respond(problem(alert.error()));
  } else if (!*alert) {
    call.respond(problem(404, "there is no alert with this id"));
  } else {
    call.respond(json_answer(alert_json(**alert)));
  }
}

}  // namespace vitals::api
