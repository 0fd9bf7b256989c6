#include <vitals/query/journeys.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

/// Of steps, segments and paths, each.
constexpr std::uint32_t kJourneyLimitMax = 10'000;

Result<query::JourneysRequest> journeys_request(const net::Request& in, const Services& services) {
  if (auto known = only_parameters(
          in, {"window", "from", "to", "filter", "group_by", "retry_within", "silence", "limit"});
      !known) {
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
  const auto retry_within = duration_parameter(in, "retry_within", out.retry_within_ms);
  if (!retry_within) return retry_within.error();
  out.retry_within_ms = *retry_within;
  const auto silence = duration_parameter(in, "silence", out.silence_ms);
  if (!silence) return silence.error();
  out.silence_ms = *silence;
  const auto limit = integer_parameter(in, "limit", out.limit, kJourneyLimitMax);
  if (!limit) return limit.error();
  out.limit = *limit;
  return out;
}

/// Per hundred, null of nothing.
Json percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return nullptr;
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

Json trail_json(const query::Trail& trail) {
  const query::Signs& signs = trail.signs;
  return {
      {"sessions", trail.sessions},
      {"open", trail.open},
      {"executions", trail.executions},
      {"errors", trail.errors},
      {"exits", trail.exits},
      {"troubled", trail.troubled},
      {"troubled_percent", percent(trail.troubled, trail.executions)},
      {"exit_percent", percent(trail.exits, trail.sessions - trail.open)},
      {"actions", trail.actions},
      {"derived", {{"retry", signs.retry}, {"repeat", signs.repeat}, {"abandon", signs.abandon}}}};
}

Json journeys_json(const query::JourneysRequest& request, const query::Journeys& journeys) {
  Json answer = trail_json(journeys.all);
  answer["from"] = journeys.from_ms;
  answer["to"] = journeys.to_ms;
  answer["retry_within"] = request.retry_within_ms;
  answer["silence"] = request.silence_ms;
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
  answer["left_out"] = {{"steps", journeys.left_out.steps},
                        {"segments", journeys.left_out.segments},
                        {"paths", journeys.left_out.paths}};
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
