#include <nlohmann/json.hpp>

#include <vitals/notify/alert_json.h>

#include "read_alert.h"

namespace vitals::notify {
namespace {

using model::AlertAction;
using model::AlertEntry;
using model::AlertStatus;
using model::Severity;
using nlohmann::json;

constexpr int kFormat = 3;

json or_null(const std::optional<double>& number) { return number ? json(*number) : json(nullptr); }

std::optional<double> number_or_none(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

/// The value whose to_string() is `text`.
template <class Enum>
Result<Enum> from_text(const std::string& text, std::initializer_list<Enum> values) {
  for (const Enum value : values) {
    if (text == to_string(value)) return value;
  }
  return Error{Errc::corruption, "stored alert has an unknown state '" + text + "'"};
}

json timeline_json(const std::vector<AlertEntry>& timeline) {
  json list = json::array();
  for (const AlertEntry& entry : timeline) {
    list.push_back(
        {{"at", entry.at}, {"what", entry.what}, {"by", entry.by}, {"text", entry.text}});
  }
  return list;
}

json action_json(const std::optional<AlertAction>& action) {
  if (!action) return nullptr;
  return {{"name", action->name},
          {"state", to_string(action->state)},
          {"dry_run", action->dry_run},
          {"rollback_to", action->rollback_to},
          {"approved_by", action->approved_by},
          {"error", action->error}};
}

Status read_action(const json& object, std::optional<AlertAction>& out) {
  if (object.is_null()) return {};
  AlertAction action;
  object.at("name").get_to(action.name);
  using State = AlertAction::State;
  const auto state = from_text(
      object.at("state").get<std::string>(),
      {State::proposed, State::requested, State::succeeded, State::failed, State::held_back});
  if (!state) return state.error();
  action.state = *state;
  object.at("dry_run").get_to(action.dry_run);
  object.at("rollback_to").get_to(action.rollback_to);
  object.at("approved_by").get_to(action.approved_by);
  object.at("error").get_to(action.error);
  out = std::move(action);
  return {};
}

/// What format 1 did not have yet.
Status read_life(const json& object, model::Alert& alert) {
  object.at("announced_at").get_to(alert.announced_at);
  object.at("response_ms").get_to(alert.response_ms);
  object.at("due_at").get_to(alert.due_at);
  object.at("escalations").get_to(alert.escalations);
  object.at("escalated_at").get_to(alert.escalated_at);
  object.at("acknowledged_at").get_to(alert.acknowledged_at);
  object.at("acknowledged_by").get_to(alert.acknowledged_by);
  object.at("assignee").get_to(alert.assignee);
  object.at("suppressed_by").get_to(alert.suppressed_by);
  object.at("flapping").get_to(alert.flapping);
  for (const json& entry : object.at("timeline")) {
    alert.timeline.push_back({entry.at("at"), entry.at("what"), entry.at("by"), entry.at("text")});
  }
  return read_action(object.at("action"), alert.action);
}

Status read(const json& object, model::Alert& alert) {
  const int format = object.at("format");
  if (format < 1 || format > kFormat) {
    return Error{Errc::corruption, "stored alert of unknown format " + std::to_string(format)};
  }
  object.at("id").get_to(alert.id);
  object.at("rule").get_to(alert.rule);
  const auto severity = from_text(object.at("severity").get<std::string>(),
                                  {Severity::informational, Severity::warning, Severity::critical});
  if (!severity) return severity.error();
  const auto status = from_text(object.at("status").get<std::string>(),
                                {AlertStatus::pending, AlertStatus::firing, AlertStatus::escalated,
                                 AlertStatus::acknowledged, AlertStatus::resolved});
  if (!status) return status.error();
  alert.severity = *severity;
  alert.status = *status;
  object.at("labels").get_to(alert.labels);
  object.at("annotations").get_to(alert.annotations);
  object.at("metric").get_to(alert.metric);
  alert.value = number_or_none(object.at("value"));
  alert.threshold = number_or_none(object.at("threshold"));
  object.at("samples").get_to(alert.samples);
  object.at("pending_since").get_to(alert.pending_since);
  object.at("firing_since").get_to(alert.firing_since);
  object.at("resolved_at").get_to(alert.resolved_at);
  object.at("updated_at").get_to(alert.updated_at);
  if (format == 1) {
    alert.announced_at = alert.firing_since;  // it was told at once
    return {};
  }
  if (format > 2) {
    object.at("against").get_to(alert.against);
    object.at("told").get_to(alert.told);
  }
  return read_life(object, alert);
}

}  // namespace

std::string encode(const model::Alert& alert) {
  const json object = {{"format", kFormat},
                       {"id", alert.id},
                       {"rule", alert.rule},
                       {"severity", to_string(alert.severity)},
                       {"status", to_string(alert.status)},
                       {"labels", alert.labels},
                       {"annotations", alert.annotations},
                       {"against", alert.against},
                       {"metric", alert.metric},
                       {"value", or_null(alert.value)},
                       {"threshold", or_null(alert.threshold)},
                       {"samples", alert.samples},
                       {"pending_since", alert.pending_since},
                       {"firing_since", alert.firing_since},
                       {"resolved_at", alert.resolved_at},
                       {"updated_at", alert.updated_at},
                       {"announced_at", alert.announced_at},
                       {"response_ms", alert.response_ms},
                       {"due_at", alert.due_at},
                       {"escalations", alert.escalations},
                       {"escalated_at", alert.escalated_at},
                       {"acknowledged_at", alert.acknowledged_at},
                       {"acknowledged_by", alert.acknowledged_by},
                       {"assignee", alert.assignee},
                       {"suppressed_by", alert.suppressed_by},
                       {"flapping", alert.flapping},
                       {"told", alert.told},
                       {"action", action_json(alert.action)},
                       {"timeline", timeline_json(alert.timeline)}};
  // Label values come from outside; what is not UTF-8 must not stop an alert.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<model::Alert> read_alert(const json& object) {
  model::Alert alert;
  if (auto status = read(object, alert); !status) return std::move(status).error();
  return alert;
}

Result<model::Alert> decode_alert(std::string_view bytes) {
  try {
    return read_alert(json::parse(bytes));
  } catch (const json::exception& broken) {
    return Error{Errc::corruption, std::string("stored alert is damaged: ") + broken.what()};
  }
}

}  // namespace vitals::notify
