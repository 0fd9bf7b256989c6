#include <fmt/format.h>

#include <vitals/base/time_text.h>

#include "answer.h"
#include "route.h"

namespace vitals::api {
namespace {

// Each condition under the keys of a rule file.

void put_metric(const rules::Rule& rule, Json& out) {
  out["metric"] = metric_of(rule);
  out["stat"] = stat_of(rule).to_string();
}

void put_bound(rules::Comparison comparison, double bound, Json& out) {
  out[comparison == rules::Comparison::below ? "below" : "above"] = bound;
}

void put(const rules::Rule& rule, const rules::Threshold& threshold, Json& out) {
  put_metric(rule, out);
  put_bound(threshold.comparison, threshold.bound, out);
  if (threshold.clear) out["clear"] = *threshold.clear;
  if (threshold.confidence > 0) out["confidence"] = threshold.confidence;
  out["window"] = format_duration(rule.window_ms);
  out["min_samples"] = rule.min_samples;
}

void put(const rules::Rule&, const rules::Absence& absence, Json& out) {
  out["absent"] = format_duration(absence.absent_ms);
}

void put(const rules::Rule& rule, const rules::BurnRate& burn_rate, Json& out) {
  Json windows = Json::array();
  for (const rules::BurnRate::Pair& pair : burn_rate.windows) {
    windows.push_back({{"long", format_duration(pair.long_ms)},
                       {"short", format_duration(pair.short_ms)},
                       {"factor", pair.factor}});
  }
  out["burn_rate"] = {{"objective", burn_rate.objective}, {"windows", std::move(windows)}};
  out["min_samples"] = rule.min_samples;
}

void put(const rules::Rule&, const rules::Composite& composite, Json& out) {
  out[composite.all ? "all_of" : "any_of"] = composite.rules;
}

void put(const rules::Rule&, const rules::Unhealthy& unhealthy, Json& out) {
  out["unhealthy"] = unhealthy.components;
}

void put(const rules::Rule& rule, const rules::Deviation& deviation, Json& out) {
  using Direction = rules::Deviation::Direction;
  put_metric(rule, out);
  const bool last_week = deviation.against == rules::Deviation::Against::same_hour_last_week;
  out["changed"] = {{"against", last_week ? "same-hour-last-week"
                                          : "trailing " + format_duration(deviation.trailing_ms)},
                    {"by", fmt::format("{:g}%", deviation.by_percent)},
                    {"direction", deviation.direction == Direction::up     ? "up"
                                  : deviation.direction == Direction::down ? "down"
                                                                           : "either"}};
  out["window"] = format_duration(rule.window_ms);
  out["min_samples"] = rule.min_samples;
}

void put(const rules::Rule& rule, const rules::Trend& trend, Json& out) {
  put_metric(rule, out);
  put_bound(trend.comparison, trend.bound, out);
  out["reached_within"] = format_duration(trend.reached_within_ms);
  out["over"] = format_duration(trend.over_ms);
  out["min_samples"] = rule.min_samples;
}

void put(const rules::Rule& rule, const rules::BetterVersion& better, Json& out) {
  out["better_version"] = {{"metric", better.metric},
                           {"stat", better.stat.to_string()},
                           {"confidence", better.confidence},
                           {"window", format_duration(better.window_ms)}};
  out["min_samples"] = rule.min_samples;
}

Json rule_json(const rules::Rule& rule) {
  Json result = {{"name", rule.name}, {"severity", model::to_string(rule.severity)}};
  std::visit([&](const auto& condition) { put(rule, condition, result); }, rule.condition);
  if (is_on_history(rule)) result["every"] = format_duration(rule.every_ms);
  result["for"] = format_duration(rule.for_ms);
  result["keep_firing_for"] = format_duration(rule.keep_firing_ms);
  if (rule.schedule) result["schedule"] = rule.schedule->to_string();
  if (rule.response_ms > 0) result["response_time"] = format_duration(rule.response_ms);
  if (!rule.action.empty()) result["action"] = rule.action;
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
