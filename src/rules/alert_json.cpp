#include <nlohmann/json.hpp>

#include <vitals/rules/evaluator.h>

namespace vitals::rules {
namespace {

using model::AlertStatus;
using model::Severity;
using nlohmann::json;

constexpr int kFormat = 1;

json or_null(const std::optional<double>& number) { return number ? json(*number) : json(nullptr); }

std::optional<double> number_or_none(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

/// The value whose to_string() is `text`.
template <class Enum>
std::optional<Enum> from_text(const std::string& text, std::initializer_list<Enum> values) {
  for (const Enum value : values) {
    if (text == to_string(value)) return value;
  }
  return std::nullopt;
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
                       {"metric", alert.metric},
                       {"value", or_null(alert.value)},
                       {"threshold", or_null(alert.threshold)},
                       {"samples", alert.samples},
                       {"pending_since", alert.pending_since},
                       {"firing_since", alert.firing_since},
                       {"resolved_at", alert.resolved_at},
                       {"updated_at", alert.updated_at}};
  // Label values come from outside; what is not UTF-8 must not stop an alert.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<model::Alert> decode(std::string_view bytes) {
  try {
    const json object = json::parse(bytes);
    if (const int format = object.at("format"); format != kFormat) {
      return Error{Errc::corruption, "stored alert of unknown format " + std::to_string(format)};
    }
    model::Alert alert;
    object.at("id").get_to(alert.id);
    object.at("rule").get_to(alert.rule);
    const auto severity =
        from_text(object.at("severity").get<std::string>(),
                  {Severity::informational, Severity::warning, Severity::critical});
    const auto status =
        from_text(object.at("status").get<std::string>(),
                  {AlertStatus::pending, AlertStatus::firing, AlertStatus::resolved});
    if (!severity || !status) {
      return Error{Errc::corruption, "stored alert is of unknown severity or status"};
    }
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
    return alert;
  } catch (const json::exception& broken) {
    return Error{Errc::corruption, std::string("stored alert is damaged: ") + broken.what()};
  }
}

}  // namespace vitals::rules
