#include <map>
#include <string>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr DurationMs kDefaultMs = 30 * kDayMs;

/// How a set of alerts went. Means are over those for which there is something to say.
struct Statistics {
  std::uint64_t fired = 0, acknowledged = 0, resolved = 0, breached = 0;
  DurationMs to_acknowledge_ms = 0, to_resolve_ms = 0;

  void add(const model::Alert& alert) {
    ++fired;
    if (alert.escalations > 0) ++breached;
    if (alert.acknowledged_at != 0) {
      ++acknowledged;
      to_acknowledge_ms += alert.acknowledged_at - alert.firing_since;
    }
    if (alert.resolved_at != 0) {
      ++resolved;
      to_resolve_ms += alert.resolved_at - alert.firing_since;
    }
  }
  Json json() const {
    const auto mean = [](DurationMs sum, std::uint64_t count) {
      return count == 0 ? Json() : Json(sum / static_cast<DurationMs>(count));
    };
    return {{"fired", fired},
            {"acknowledged", acknowledged},
            {"resolved", resolved},
            {"response_breaches", breached},
            {"mtta_ms", mean(to_acknowledge_ms, acknowledged)},
            {"mttr_ms", mean(to_resolve_ms, resolved)}};
  }
};

}  // namespace

/// Alerts that began to fire within a range: how many, how soon taken on, how soon over.
void get_alert_statistics(Context& context, const Call& call) {
  const TimeMs now = context.services.clock.now_ms();
  if (auto known = only_parameters(call.request, {"from", "to"}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto from = time_parameter(call.request, "from", now);
  if (!from) return call.respond(problem(from.error()));
  const auto to = time_parameter(call.request, "to", now);
  if (!to) return call.respond(problem(to.error()));
  const TimeMs begin = from->value_or(now - kDefaultMs);
  const TimeMs end = to->value_or(now + 1);

  Statistics total;
  std::map<std::string, Statistics> by_severity, by_rule;
  const auto visited = context.services.alerts.visit(begin, [&](const model::Alert& alert) {
    if (alert.firing_since < begin || alert.firing_since >= end) return;
    total.add(alert);
    by_severity[model::to_string(alert.severity)].add(alert);
    by_rule[alert.rule].add(alert);
  });
  if (!visited) return call.respond(problem(visited.error()));
  Json answer{{"from", begin}, {"to", end}};
  answer.update(total.json());
  for (const auto& [member, groups] :
       {std::pair{"severities", &by_severity}, std::pair{"rules", &by_rule}}) {
    answer[member] = Json::object();
    for (const auto& [name, statistics] : *groups) answer[member][name] = statistics.json();
  }
  call.respond(json_answer(answer));
}

}  // namespace vitals::api
