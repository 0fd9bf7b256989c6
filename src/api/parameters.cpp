#include "parameters.h"

#include <algorithm>
#include <charconv>

#include <vitals/base/time_text.h>
#include <vitals/model/persons.h>

namespace vitals::api {
namespace {

Error bad(std::string_view name, std::string_view reason) {
  return {Errc::invalid_argument, std::string(name) + ": " + std::string(reason)};
}

Error bad(std::string_view name, const Error& reason) { return bad(name, reason.message); }

Result<query::Order> parse_order(std::string_view text) {
  if (text == "labels") return query::Order::labels;
  if (text == "value") return query::Order::value;
  if (text == "-value") return query::Order::value_descending;
  if (text == "count") return query::Order::count;
  if (text == "-count") return query::Order::count_descending;
  return bad("order", "expected labels, value, -value, count or -count");
}

Status read_resolution(const net::Request& in, query::MetricRequest& out) {
  const std::string* text = in.parameter("resolution");
  if (text == nullptr) return {};
  if (*text == "raw") {
    out.raw_only = true;
    return {};
  }
  for (const series::Resolution resolution : series::kResolutions) {
    if (*text == series::to_string(resolution)) {
      out.resolution = resolution;
      return {};
    }
  }
  return bad("resolution", "expected raw, 1m, 1h or 1d");
}

}  // namespace

Status only_parameters(const net::Request& request, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return bad(name, "this parameter is not known here");
    }
    const auto same = [&name = name](const auto& other) { return other.first == name; };
    if (name != "filter" && std::count_if(request.query.begin(), request.query.end(), same) > 1) {
      return bad(name, "is given more than once");
    }
  }
  return {};
}

std::vector<std::string> list_parameter(const net::Request& request, std::string_view name) {
  std::vector<std::string> list;
  const std::string* given = request.parameter(name);
  std::string_view text = given == nullptr ? std::string_view() : *given;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string one(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(std::move(one));
  }
  return list;
}

Result<std::vector<std::string>> fields_parameter(const net::Request& request,
                                                  std::string_view name) {
  std::vector<std::string> fields = list_parameter(request, name);
  for (const std::string& field : fields) {
    if (!model::is_field(field)) return bad(name, "unknown field '" + field + "'");
  }
  return fields;
}

Result<TimeRange> range_parameters(const net::Request& request, TimeMs now,
                                   std::string_view fallback) {
  const auto from = time_parameter(request, "from", now);
  if (!from) return from.error();
  const auto to = time_parameter(request, "to", now);
  if (!to) return to.error();
  const std::string* window = request.parameter("window");
  if (window != nullptr && (*from || *to)) {
    return bad("window", "cannot be given together with from or to");
  }
  TimeRange range;
  if (*from) {
    range = {**from, to->value_or(now + 1)};
  } else if (*to) {
    return bad("to", "needs from");
  } else {
    const auto length = parse_duration(window != nullptr ? *window : fallback);
    if (!length) return bad("window", length.error());
    // (now - W, now] as a half-open range of milliseconds.
    range = {now - *length + 1, now + 1};
  }
  if (range.from_ms >= range.to_ms) return bad("from", "must be before to");
  return range;
}

Result<std::uint32_t> integer_parameter(const net::Request& request, std::string_view name,
                                        std::uint32_t fallback, std::uint32_t max) {
  const std::string* text = request.parameter(name);
  if (text == nullptr) return fallback;
  std::uint32_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc{} || end != text->data() + text->size() || number == 0 || number > max) {
    return bad(name, "expected a whole number from 1 to " + std::to_string(max));
  }
  return number;
}

Result<bool> flag_parameter(const net::Request& request, std::string_view name) {
  const std::string* text = request.parameter(name);
  if (text == nullptr || *text == "0" || *text == "false") return false;
  if (*text == "1" || *text == "true") return true;
  return Error{Errc::invalid_argument, std::string(name) + ": expected 1 or 0"};
}

Result<DurationMs> duration_parameter(const net::Request& request, std::string_view name,
                                      DurationMs fallback) {
  const std::string* text = request.parameter(name);
  if (text == nullptr) return fallback;
  const auto duration = parse_duration(*text);
  if (!duration) return bad(name, duration.error());
  return *duration;
}

Result<std::optional<TimeMs>> time_parameter(const net::Request& request, std::string_view name,
                                             TimeMs now) {
  const std::string* text = request.parameter(name);
  if (text == nullptr) return std::optional<TimeMs>();
  const auto time = parse_time(*text, now);
  if (!time) return bad(name, time.error());
  return std::optional<TimeMs>(*time);
}

Result<std::optional<double>> confidence_parameter(const net::Request& request, int above) {
  const std::string* text = request.parameter("confidence");
  if (text == nullptr) return std::optional<double>();
  double percent = 0;
  const char* end = text->data() + text->size();
  const auto [stop, problem] =
      std::from_chars(text->data(), end, percent, std::chars_format::fixed);
  if (problem != std::errc{} || stop != end || !(percent > above && percent < 100)) {
    return bad("confidence",
               "expected percent above " + std::to_string(above) + " and below 100, as 95");
  }
  return std::optional<double>(percent);
}

Result<std::optional<metrics::Stat>> stat_parameter(const net::Request& request) {
  const std::string* text = request.parameter("stat");
  if (text == nullptr) return std::optional<metrics::Stat>();
  const auto stat = metrics::parse_stat(*text);
  if (!stat) return bad("stat", stat.error());
  return std::optional<metrics::Stat>(*stat);
}

Result<std::vector<model::Filter>> filter_parameters(const net::Request& request,
                                                     const registry::Pseudonyms& pseudonyms) {
  std::vector<model::Filter> filters;
  for (const auto& [name, text] : request.query) {
    if (name != "filter") continue;
    auto filter = model::parse_filter(text);
    if (!filter) return bad("filter", filter.error());
    auto hashed = pseudonyms.apply(*std::move(filter));
    if (!hashed) return bad("filter", hashed.error());
    filters.push_back(*std::move(hashed));
  }
  return filters;
}

Result<std::vector<model::Filter>> impersonal_filters(const net::Request& request,
                                                      const registry::Pseudonyms& pseudonyms) {
  auto filters = filter_parameters(request, pseudonyms);
  if (!filters) return filters;
  for (const model::Filter& filter : *filters) {
    if (!model::is_personal(filter.field)) continue;
    return Error{Errc::invalid_argument, "filter: this is not told of single users or sessions"};
  }
  return filters;
}

Result<Subject> subject_parameters(const net::Request& request, const Services& services,
                                   std::string_view window) {
  const auto range = range_parameters(request, services.clock.now_ms(), window);
  if (!range) return range.error();
  auto filters = impersonal_filters(request, services.pseudonyms);
  if (!filters) return filters.error();
  return Subject{*range, *std::move(filters)};
}

Result<query::MetricRequest> metric_request(const net::Request& in, std::string_view metric,
                                            const registry::Pseudonyms& pseudonyms, TimeMs now) {
  if (auto known =
          only_parameters(in, {"window", "from", "to", "step", "group_by", "filter", "resolution",
                               "stat", "order", "limit", "format", "confidence"});
      !known) {
    return known.error();
  }
  query::MetricRequest out;
  out.metric = metric;
  const auto range = range_parameters(in, now);
  if (!range) return range.error();
  out.from_ms = range->from_ms;
  out.to_ms = range->to_ms;
  if (const std::string* text = in.parameter("step")) {
    const auto step = parse_duration(*text);
    if (!step) return bad("step", step.error());
    out.step_ms = *step;
  }
  auto fields = fields_parameter(in, "group_by");
  if (!fields) return fields.error();
  out.group_by = *std::move(fields);
  auto filters = filter_parameters(in, pseudonyms);
  if (!filters) return filters.error();
  out.filters = *std::move(filters);
  if (auto resolution = read_resolution(in, out); !resolution) return resolution.error();
  const auto stat = stat_parameter(in);
  if (!stat) return stat.error();
  out.stat = stat->value_or(metrics::Stat{});
  out.stat_given = stat->has_value();
  const auto confidence = confidence_parameter(in, 0);
  if (!confidence) return confidence.error();
  out.confidence = confidence->value_or(0);
  if (const std::string* text = in.parameter("order")) {
    const auto order = parse_order(*text);
    if (!order) return order.error();
    out.order = *order;
  }
  if (in.parameter("limit") != nullptr) {
    const auto limit = integer_parameter(in, "limit", 0, UINT32_MAX);  // the engine has the bound
    if (!limit) return limit.error();
    out.limit = *limit;
  }
  return out;
}

}  // namespace vitals::api
