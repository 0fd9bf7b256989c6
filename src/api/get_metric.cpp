#include <fmt/format.h>

#include "answer.h"
#include "csv.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

Json labels_of(const query::Group& group, const std::vector<std::string>& fields) {
  Json labels = Json::object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    labels[fields[i]] = group.labels[i].empty() ? Json() : Json(group.labels[i]);
  }
  return labels;
}

Json document(const query::MetricAnswer& answer, const query::MetricRequest& request) {
  const std::vector<std::string>& fields = request.group_by;
  const double confidence = request.confidence;
  Json groups = Json::array();
  for (const query::Group& group : answer.groups) {
    Json one = {{"labels", labels_of(group, fields)},
                {"value", or_null(group.value)},
                {"count", group.count}};
    if (confidence > 0) {
      one["interval"] =
          group.interval ? Json::array({group.interval->low, group.interval->high}) : Json();
    }
    if (answer.step_ms > 0) {
      Json points = Json::array();
      for (const query::Point& point : group.points) {
        points.push_back(Json::array({point.time_ms, or_null(point.value), point.count}));
      }
      one["points"] = std::move(points);
    }
    groups.push_back(std::move(one));
  }
  Json result = {{"metric", answer.info->name},
                 {"unit", answer.info->unit},
                 {"stat", answer.stat.empty() ? Json() : Json(answer.stat)},
                 {"from", answer.from_ms},
                 {"to", answer.to_ms},
                 {"step", answer.step_ms > 0 ? Json(answer.step_ms) : Json()},
                 {"resolution", answer.resolution},
                 {"groups", std::move(groups)}};
  if (answer.truncated) result["truncated"] = true;
  if (answer.estimated) result["estimated"] = true;
  if (answer.folded) result["min_group"] = request.min_group;
  return result;
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

std::string csv(const query::MetricAnswer& answer, const std::vector<std::string>& fields) {
  std::string text;
  for (const std::string& field : fields) text += csv_field(field) + ',';
  text += answer.step_ms > 0 ? "time,value,count\r\n" : "value,count\r\n";
  for (const query::Group& group : answer.groups) {
    std::string labels;
    for (const std::string& label : group.labels) labels += csv_field(label) + ',';
    if (answer.step_ms == 0) {
      text += labels + number(group.value) + fmt::format(",{}\r\n", group.count);
    }
    for (const query::Point& point : group.points) {
      text += labels + fmt::format("{},", point.time_ms) + number(point.value) +
              fmt::format(",{}\r\n", point.count);
    }
  }
  return text;
}

}  // namespace

void get_metric(Context& context, const Call& call) {
  const Services& services = context.services;
  if (services.catalogue.find(call.arguments[0]) == nullptr) {
    call.respond(problem(
        404, "there is no metric '" + call.arguments[0] + "'; GET /api/v1/metrics lists them"));
    return;
  }
  const std::string* format = call.request.parameter("format");
  if (format != nullptr && *format != "json" && *format != "csv") {
    call.respond(bad_parameter("format", "expected json or csv"));
    return;
  }
  auto request =
      metric_request(call.request, call.arguments[0], services.pseudonyms, services.clock.now_ms());
  if (!request) {
    call.respond(problem(request.error()));
    return;
  }
  request->min_group = services.queries.options().min_group;
  const auto answer = services.queries.metric(*request);
  if (!answer) {
    call.respond(problem(answer.error()));
    return;
  }
  if (format != nullptr && *format == "csv") {
    net::Response response;
    response.content_type = "text/csv; charset=utf-8";
    response.body = csv(*answer, request->group_by);
    call.respond(std::move(response));
    return;
  }
  call.respond(json_answer(document(*answer, *request)));
}

}  // namespace vitals::api
