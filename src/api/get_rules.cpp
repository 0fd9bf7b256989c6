#include <vitals/base/time_text.h>

#include "answer.h"
#include "route.h"

namespace vitals::api {
namespace {

Json rule_json(const rules::Rule& rule) {
  Json result = {{"name", rule.name}, {"severity", model::to_string(rule.severity)}};
  if (const auto* absence = std::get_if<rules::Absence>(&rule.condition)) {
    result["absent"] = format_duration(absence->absent_ms);
  } else if (const auto* threshold = std::get_if<rules::Threshold>(&rule.condition)) {
    result["metric"] = threshold->metric;
    result["stat"] = threshold->stat.to_string();
    result[threshold->comparison == rules::Comparison::below ? "below" : "above"] =
        threshold->bound;
    result["window"] = format_duration(rule.window_ms);
    result["min_samples"] = rule.min_samples;
  }
  result["for"] = format_duration(rule.for_ms);
  Json filters = Json::array();
  for (const model::Filter& filter : rule.filters) filters.push_back(filter.to_string());
  result["filter"] = std::move(filters);
  result["group_by"] = rule.group_by;
  result["labels"] = rule.labels;
  result["annotations"] = rule.annotations;
  return result;
}

}  // namespace

void get_rules(Context& context, const Call& call) {
  Json list = Json::array();
  const auto rules = context.services.spine.rules();
  for (const rules::Rule& rule : *rules) list.push_back(rule_json(rule));
  call.respond(json_answer({{"rules", std::move(list)}}));
}

}  // namespace vitals::api
