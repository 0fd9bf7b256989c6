#include <vitals/insight/causes.h>
#include <vitals/model/persons.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

Error bad(const char* name, const char* reason) {
  return {Errc::invalid_argument, std::string(name) + ": " + reason};
}

Result<insight::CausesRequest> causes_request(const net::Request& in, const Services& services) {
  if (auto known = only_parameters(in, {"metric", "stat", "filter", "window", "from", "to",
                                        "baseline_from", "baseline_to", "dimensions"});
      !known) {
    return known.error();
  }
  insight::CausesRequest out;
  const std::string* metric = in.parameter("metric");
  if (metric == nullptr) return bad("metric", "is missing");
  out.metric = *metric;
  const auto stat = stat_parameter(in);
  if (!stat) return stat.error();
  out.stat = stat->value_or(metrics::Stat{});
  out.stat_given = stat->has_value();
  auto filters = impersonal_filters(in, services.pseudonyms);
  if (!filters) return filters.error();
  out.filters = *std::move(filters);
  auto dimensions = fields_parameter(in, "dimensions");
  if (!dimensions) return dimensions.error();
  for (const std::string& field : *dimensions) {
    if (model::is_personal(field)) {
      return bad("dimensions", "causes are not told of single users or sessions");
    }
  }
  out.dimensions = *std::move(dimensions);

  const TimeMs now = services.clock.now_ms();
  const auto range = range_parameters(in, now);
  if (!range) return range.error();
  out.now = {range->from_ms, range->to_ms};
  const auto from = time_parameter(in, "baseline_from", now);
  if (!from) return from.error();
  const auto to = time_parameter(in, "baseline_to", now);
  if (!to) return to.error();
  out.baseline.to_ms = to->value_or(out.now.from_ms);
  out.baseline.from_ms = from->value_or(out.baseline.to_ms - (out.now.to_ms - out.now.from_ms));
  if (out.baseline.from_ms >= out.baseline.to_ms) {
    return bad("baseline_from", "must be before baseline_to");
  }
  out.deadline_ms = services.queries.options().deadline_ms;
  return out;
}

/// Of an average in units of the metric, of a total per second.
Json values(const analytics::Part& part, analytics::Composition composition) {
  const auto value = [&](const analytics::Tally& tally) {
    const bool none = composition == analytics::Composition::average && tally.weight == 0;
    return none ? Json() : Json(tally.value);
  };
  return {{"before", value(part.before)},
          {"after", value(part.after)},
          {"count_before", static_cast<std::uint64_t>(part.before.weight)},
          {"count_after", static_cast<std::uint64_t>(part.after.weight)}};
}

Json explanation_json(const analytics::Explanation& found, analytics::Composition composition) {
  Json causes = Json::array();
  for (const analytics::Effect& effect : found.causes) {
    Json cause = values(effect.part, composition);
    cause["label"] = effect.part.label.empty() ? Json() : Json(effect.part.label);
    cause["share"] = effect.share;
    cause["excess"] = effect.excess;
    cause["change"] = effect.change;
    cause["by_mix"] = effect.by_mix;
    cause["by_rate"] = effect.by_rate;
    causes.push_back(std::move(cause));
  }
  return {{"dimension", found.dimension},
          {"share", found.share},
          {"excess", found.excess},
          {"causes", std::move(causes)},
          {"others", values(found.others, composition)}};
}

}  // namespace

void get_root_cause(Context& context, const Call& call) {
  const Services& services = context.services;
  const auto request = causes_request(call.request, services);
  if (!request) {
    call.respond(problem(request.error()));
    return;
  }
  const auto causes = insight::find_causes(services.queries, services.clock, *request);
  if (!causes) {
    call.respond(problem(causes.error()));
    return;
  }
  Json explanations = Json::array();
  for (const analytics::Explanation& found : causes->explanations) {
    explanations.push_back(explanation_json(found, causes->composition));
  }
  const std::string text = insight::cause_text(*causes);
  const bool total = causes->composition == analytics::Composition::total;
  call.respond(json_answer({{"metric", causes->info->name},
                            {"unit", causes->info->unit},
                            {"stat", causes->stat.empty() ? Json() : Json(causes->stat)},
                            {"composition", total ? "total" : "average"},
                            {"from", request->now.from_ms},
                            {"to", request->now.to_ms},
                            {"baseline_from", request->baseline.from_ms},
                            {"baseline_to", request->baseline.to_ms},
                            {"before", or_null(causes->before)},
                            {"after", or_null(causes->after)},
                            {"text", text.empty() ? Json() : Json(text)},
                            {"dimensions", causes->dimensions},
                            {"complete", causes->complete},
                            {"explanations", std::move(explanations)}}));
}

}  // namespace vitals::api
