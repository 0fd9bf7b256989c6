#include <vitals/evaluate/standing.h>
#include <vitals/insight/evaluators.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

const char* to_string(insight::Trust trust) {
  switch (trust) {
    case insight::Trust::agrees:
      return "agrees";
    case insight::Trust::insufficient_data:
      return "insufficient_data";
    case insight::Trust::disagrees:
      return "disagrees";
    case insight::Trust::drifts:
      return "drifts";
    case insight::Trust::biased:
      return "biased";
  }
  return "";
}

Result<insight::EvaluatorsRequest> evaluators_request(const net::Request& in,
                                                      const Services& services) {
  if (auto known = only_parameters(in, {"window", "from", "to", "filter", "min_count"}); !known) {
    return known.error();
  }
  insight::EvaluatorsRequest out;
  auto subject = subject_parameters(in, services, "7d");
  if (!subject) return subject.error();
  out.period = {subject->range.from_ms, subject->range.to_ms};
  out.filters = std::move(subject->filters);
  const auto count_min = integer_parameter(in, "min_count", 30, UINT32_MAX);
  if (!count_min) return count_min.error();
  out.count_min = *count_min;
  return out;
}

Json evaluator_json(const insight::Evaluator& one) {
  return {{"evaluator", text_or_null(one.name)},
          {"verdict", to_string(one.trust)},
          {"assessments", one.assessments},
          {"set_aside", one.set_aside},
          {"mean", one.mean},
          {"shared", one.shared},
          {"bias", or_null(one.bias)},
          {"kappa", or_null(one.kappa)},
          {"drift", or_null(one.drift)},
          {"drift_p_value", or_null(one.drift_p)}};
}

Json standing_json(const evaluate::Standing& one) {
  return {{"evaluator", one.evaluator},     {"accepted", one.accepted},
          {"no_opinion", one.no_opinion},   {"failed", one.failed},
          {"over_budget", one.over_budget}, {"too_late", one.too_late},
          {"in_flight", one.in_flight}};
}

}  // namespace

void get_evaluators(Context& context, const Call& call) {
  const auto request = evaluators_request(call.request, context.services);
  if (!request) return call.respond(problem(request.error()));
  const auto found = insight::compare_evaluators(context.services.queries, *request);
  if (!found) return call.respond(problem(found.error()));
  Json evaluators = Json::array();
  for (const insight::Evaluator& one : found->all) evaluators.push_back(evaluator_json(one));
  Json asked = Json::array();
  for (const evaluate::Standing& one : context.services.evaluators()) {
    asked.push_back(standing_json(one));
  }
  call.respond(json_answer({{"from", found->period.from_ms},
                            {"to", found->period.to_ms},
                            {"min_count", request->count_min},
                            {"executions", found->executions},
                            {"shared", found->shared},
                            {"icc", or_null(found->icc)},
                            {"evaluators", std::move(evaluators)},
                            {"asked_since", context.services.started_at},
                            {"asked", std::move(asked)}}));
}

}  // namespace vitals::api
