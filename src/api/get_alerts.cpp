#include <algorithm>
#include <unordered_map>

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

/// Adds to open alerts what their rules say of them by now.
class Current {
 public:
  explicit Current(const pipeline::Spine& spine) : values_(spine.live_values()) {
    for (const rules::LiveValue& value : *values_) by_alert_.emplace(value.alert, &value);
  }

  Json json_of(const model::Alert& alert) const {
    Json json = alert_json(alert);
    const auto found = by_alert_.find(alert.id);
    if (found == by_alert_.end() || alert.resolved_at != 0) return json;
    const rules::LiveValue& live = *found->second;
    json["current"] = {{"value", or_null(live.value)}, {"samples", live.samples}, {"at", live.at}};
    return json;
  }

 private:
  std::shared_ptr<const std::vector<rules::LiveValue>> values_;
  std::unordered_map<std::string_view, const rules::LiveValue*> by_alert_;
};

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
  const Current current(context.services.spine);
  Json list = Json::array();
  for (const model::Alert& alert : *alerts) list.push_back(current.json_of(alert));
  call.respond(json_answer({{"alerts", std::move(list)}}));
}

void get_alert(Context& context, const Call& call) {
  const auto alert = context.services.alerts.find(call.arguments[0]);
  if (!alert) {
    call.respond(problem(alert.error()));
  } else if (!*alert) {
    call.respond(problem(404, "there is no alert with this id"));
  } else {
    call.respond(json_answer(Current(context.services.spine).json_of(**alert)));
  }
}

}  // namespace vitals::api
