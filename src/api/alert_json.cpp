#include "alert_json.h"

namespace vitals::api {
namespace {

Json action_json(const std::optional<model::AlertAction>& action) {
  if (!action) return nullptr;
  return {{"name", action->name},
          {"state", model::to_string(action->state)},
          {"dry_run", action->dry_run},
          {"rollback_to", text_or_null(action->rollback_to)},
          {"approved_by", text_or_null(action->approved_by)},
          {"error", text_or_null(action->error)}};
}

Json timeline_json(const std::vector<model::AlertEntry>& timeline) {
  Json list = Json::array();
  for (const model::AlertEntry& entry : timeline) {
    list.push_back({{"at", entry.at},
                    {"what", entry.what},
                    {"by", text_or_null(entry.by)},
                    {"text", text_or_null(entry.text)}});
  }
  return list;
}

}  // namespace

Json alert_json(const model::Alert& alert) {
  const bool over = alert.resolved_at != 0 && alert.firing_since != 0;
  return {{"id", alert.id},
          {"rule", alert.rule},
          {"severity", model::to_string(alert.severity)},
          {"status", model::to_string(alert.status)},
          {"labels", alert.labels},
          {"annotations", alert.annotations},
          {"metric", text_or_null(alert.metric)},
          {"value", or_null(alert.value)},
          {"threshold", or_null(alert.threshold)},
          {"against", text_or_null(alert.against)},
          {"samples", alert.samples},
          {"pending_since", time_or_null(alert.pending_since)},
          {"firing_since", time_or_null(alert.firing_since)},
          {"resolved_at", time_or_null(alert.resolved_at)},
          {"duration_ms", over ? Json(alert.resolved_at - alert.firing_since) : Json()},
          {"updated_at", time_or_null(alert.updated_at)},
          {"announced_at", time_or_null(alert.announced_at)},
          {"response_ms", alert.response_ms == 0 ? Json() : Json(alert.response_ms)},
          {"due_at", time_or_null(alert.due_at)},
          {"escalations", alert.escalations},
          {"escalated_at", time_or_null(alert.escalated_at)},
          {"acknowledged_at", time_or_null(alert.acknowledged_at)},
          {"acknowledged_by", text_or_null(alert.acknowledged_by)},
          {"assignee", text_or_null(alert.assignee)},
          {"suppressed_by", text_or_null(alert.suppressed_by)},
          {"flapping", alert.flapping},
          {"told", alert.told},
          {"action", action_json(alert.action)},
          {"timeline", timeline_json(alert.timeline)}};
}

}  // namespace vitals::api
