#include <vitals/base/time_text.h>

#include "answer.h"
#include "route.h"

namespace vitals::api {
namespace {

Json rule_json(const rules::Rule& rule) {
  Json result = {{"name", rule.name}, {"severity", model::to_string(rule.severity)}};
  if (rule.absent_ms > 0) {
    result["absent"] = format_duration(rule.absent_ms);
  } else {
    result["metric"] = rule.metric;
    result["stat"] = rule.stat.to_string();
    result[rule.comparison == rules::Comparison::below ? "below" : "above"] = rule.threshold;
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
