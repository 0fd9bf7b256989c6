#include <vitals/query/errors.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr std::uint32_t kClassesDefault = 100;
constexpr std::uint32_t kClassesMax = 1'000;
constexpr std::uint32_t kPlacesDefault = 3;
constexpr std::uint32_t kPlacesMax = 20;

Result<query::ErrorsRequest> errors_request(const net::Request& in, const Services& services) {
  if (auto known = only_parameters(in, {"window", "from", "to", "filter", "limit", "top"});
      !known) {
    return known.error();
  }
  query::ErrorsRequest out;
  auto subject = subject_parameters(in, services);
  if (!subject) return subject.error();
  out.from_ms = subject->range.from_ms;
  out.to_ms = subject->range.to_ms;
  out.filters = std::move(subject->filters);
  const auto limit = integer_parameter(in, "limit", kClassesDefault, kClassesMax);
  if (!limit) return limit.error();
  out.classes_max = *limit;
  const auto top = integer_parameter(in, "top", kPlacesDefault, kPlacesMax);
  if (!top) return top.error();
  out.places_max = *top;
  return out;
}

Json share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? Json() : Json(static_cast<double>(part) / static_cast<double>(whole));
}

Json places(const std::vector<query::ErrorPlace>& all, const char* name) {
  Json list = Json::array();
  for (const query::ErrorPlace& place : all) {
    list.push_back({{name, text_or_null(place.label)}, {"count", place.count}});
  }
  return list;
}

Json class_json(const query::ErrorClass& one, const query::ErrorsAnswer& all,
                const registry::ErrorTemplates& templates) {
  const metrics::Counts& counts = one.counts;
  const auto text = templates.find(one.type);
  return {{"type", text_or_null(one.type)},
          {"count", counts.errors},
          {"share_of_errors", share(counts.errors, all.errors)},
          {"share_of_executions", share(counts.errors, all.executions)},
          {"first_seen", one.first_ms},
          {"last_seen", one.last_ms},
          {"detected", share(counts.detected, counts.detected_known)},
          {"recovered", share(counts.recovered, counts.recovered_known)},
          {"prompts", places(one.prompts, "prompt")},
          {"models", places(one.models, "model")},
          {"template", text ? Json(*text) : Json()}};
}

}  // namespace

void get_errors(Context& context, const Call& call) {
  const Services& services = context.services;
  const auto request = errors_request(call.request, services);
  if (!request) {
    call.respond(problem(request.error()));
    return;
  }
  const auto answer = services.queries.errors(*request);
  if (!answer) {
    call.respond(problem(answer.error()));
    return;
  }
  Json classes = Json::array();
  for (const query::ErrorClass& one : answer->classes) {
    classes.push_back(class_json(one, *answer, services.error_templates));
  }
  call.respond(json_answer({{"from", answer->from_ms},
                            {"to", answer->to_ms},
                            {"executions", answer->executions},
                            {"errors", answer->errors},
                            {"share", share(answer->errors, answer->executions)},
                            {"classes", std::move(classes)},
                            {"classes_left_out", answer->classes_known - answer->classes.size()}}));
}

}  // namespace vitals::api
