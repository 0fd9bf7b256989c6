#include <vitals/insight/prompt_quality.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

Result<insight::PromptQualityRequest> quality_request(const Call& call, const Services& services) {
  const net::Request& in = call.request;
  if (auto known = only_parameters(in, {"window", "from", "to", "filter", "scope", "min_count"});
      !known) {
    return known.error();
  }
  insight::PromptQualityRequest out;
  out.prompt = call.arguments[0];
  auto subject = subject_parameters(in, services, "30d");
  if (!subject) return subject.error();
  out.period = {subject->range.from_ms, subject->range.to_ms};
  out.filters = std::move(subject->filters);
  if (const std::string* scope = in.parameter("scope")) {
    out.all_prompts = *scope == "all";
    if (!out.all_prompts && *scope != "prompt") {
      return Error{Errc::invalid_argument, "scope: expected prompt or all"};
    }
  }
  const auto count_min = integer_parameter(in, "min_count", 30, UINT32_MAX);
  if (!count_min) return count_min.error();
  out.count_min = *count_min;
  for (const model::PromptVersion& version : services.prompts.versions(out.prompt)) {
    out.registered[version.version] = version.registered_at;
  }
  out.deadline_ms = services.queries.options().deadline_ms;
  return out;
}

Json correlation_json(const insight::OutcomeCorrelation& found) {
  Json json = {{"outcome", found.outcome->name},
               {"versions", found.versions},
               {"rho", nullptr},
               {"p_value", nullptr},
               {"false_discovery_rate", nullptr},
               {"reason", nullptr}};
  if (found.correlation) {
    json["rho"] = found.correlation->rho;
    json["p_value"] = found.correlation->p_value;
    json["false_discovery_rate"] = found.false_discovery_rate;
  } else {
    json["reason"] = found.versions < analytics::kCorrelatedMin ? "too_few_versions" : "no_change";
  }
  return json;
}

Json aspect_json(const char* kind, const insight::QualityAspect& aspect,
                 const std::vector<insight::PromptQuality::Version>& versions) {
  Json values = Json::array();
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const insight::VersionValue& value = aspect.values[i];
    values.push_back({{"version", text_or_null(versions[i].name)},
                      {"value", or_null(value.value)},
                      {"count", value.count},
                      {"change", or_null(value.change)}});
  }
  Json correlations = Json::array();
  for (const insight::OutcomeCorrelation& one : aspect.correlations) {
    correlations.push_back(correlation_json(one));
  }
  return {{kind, aspect.info->name},
          {"unit", aspect.info->unit},
          {"versions", std::move(values)},
          {"correlations", std::move(correlations)}};
}

}  // namespace

void get_prompt_quality(Context& context, const Call& call) {
  const Services& services = context.services;
  const auto request = quality_request(call, services);
  if (!request) return call.respond(problem(request.error()));
  const auto found =
      insight::prompt_quality(services.queries, services.catalogue, services.clock, *request);
  if (!found) return call.respond(problem(found.error()));
  if (found->versions.empty() && request->registered.empty()) {
    return call.respond(problem(404, "no version of it is registered or ran in this time"));
  }
  Json versions = Json::array();
  for (const auto& version : found->versions) {
    versions.push_back({{"version", text_or_null(version.name)},
                        {"since", version.since},
                        {"executions", version.executions}});
  }
  Json metrics = Json::array();
  for (const insight::DetailedMetric& metric : found->metrics) {
    Json json = aspect_json("metric", metric.whole, found->versions);
    json["dimensions"] = Json::array();
    for (const insight::QualityAspect& dimension : metric.dimensions) {
      json["dimensions"].push_back(aspect_json("dimension", dimension, found->versions));
    }
    metrics.push_back(std::move(json));
  }
  call.respond(json_answer({{"prompt", request->prompt},
                            {"from", request->period.from_ms},
                            {"to", request->period.to_ms},
                            {"scope", request->all_prompts ? "all" : "prompt"},
                            {"min_count", request->count_min},
                            {"versions", std::move(versions)},
                            {"metrics", std::move(metrics)}}));
}

}  // namespace vitals::api
