#include <vitals/query/journeys.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

Result<query::JourneysRequest> journeys_request(const net::Request& in, const Services& services) {
  if (auto known = only_parameters(in, {"window", "from", "to", "filter", "group_by"}); !known) {
    return known.error();
  }
  query::JourneysRequest out;
  auto subject = subject_parameters(in, services);
  if (!subject) return subject.error();
  out.from_ms = subject->range.from_ms;
  out.to_ms = subject->range.to_ms;
  out.filters = std::move(subject->filters);
  auto group_by = fields_parameter(in, "group_by");
  if (!group_by) return group_by.error();
  out.group_by = *std::move(group_by);
  return out;
}

/// Per hundred, null of nothing.
Json percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return nullptr;
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

Json trail_json(const query::Trail& trail) {
  return {{"sessions", trail.sessions},
          {"executions", trail.executions},
          {"errors", trail.errors},
          {"exits", trail.exits},
          {"troubled", trail.troubled},
          {"troubled_percent", percent(trail.troubled, trail.executions)},
          {"exit_percent", percent(trail.exits, trail.sessions)},
          {"actions", trail.actions}};
}

Json journeys_json(const query::JourneysRequest& request, const query::Journeys& journeys) {
  Json answer = trail_json(journeys.all);
  answer["from"] = journeys.from_ms;
  answer["to"] = journeys.to_ms;
  answer["without_session"] = journeys.without_session;
  Json steps = Json::array();
  for (const query::Journeys::Step& step : journeys.steps) {
    Json json = trail_json(step.trail);
    json["prompt"] = step.prompt;
    json["friction"] = step.friction;
    steps.push_back(std::move(json));
  }
  answer["steps"] = std::move(steps);
  Json segments = Json::array();
  for (const query::Journeys::Segment& segment : journeys.segments) {
    Json labels = Json::object();
    for (std::size_t i = 0; i < request.group_by.size(); ++i) {
      labels[request.group_by[i]] = text_or_null(segment.labels[i]);
    }
    Json json = trail_json(segment.trail);
    json["labels"] = std::move(labels);
    segments.push_back(std::move(json));
  }
  answer["segments"] = std::move(segments);
  Json paths = Json::array();
  for (const query::Journeys::Path& path : journeys.paths) {
    paths.push_back({{"from", path.from}, {"to", path.to}, {"count", path.count}});
  }
  answer["paths"] = std::move(paths);
  return answer;
}

}  // namespace

void get_interactions(Context& context, const Call& call) {
  const auto request = journeys_request(call.request, context.services);
  if (!request) {
    call.respond(problem(request.error()));
    return;
  }
  const auto journeys = context.services.queries.journeys(*request);
  call.respond(journeys ? json_answer(journeys_json(*request, *journeys))
                        : problem(journeys.error()));
}

}  // namespace vitals::api
