#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <vitals/backtest/backtest.h>
#include <vitals/base/time_text.h>

#include "answer.h"
#include "command_body.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr DurationMs kDefaultRangeMs = 30 * kDayMs;
/// The years 1 to 9999, as of queries.
constexpr TimeMs kTimeMin = -62'135'596'800'000;
constexpr TimeMs kTimeMax = 253'402'300'800'000;

/// Of `name:line`.
std::optional<std::size_t> line_of(std::string_view place) {
  const std::size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::size_t line = 0;
  const char* const end = place.data() + place.size();
  const auto [stop, failed] = std::from_chars(place.data() + colon + 1, end, line);
  if (failed != std::errc{} || stop != end) return std::nullopt;
  return line;
}

/// A problem of a rule's text, `name:line: field: reason`, in parts.
Json problem_json(std::string_view text) {
  Json parts = Json::object();
  const auto cut = [&text] {
    const std::size_t end = text.find(": ");
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    return std::string(part);
  };
  const std::string place = cut();
  if (const auto line = line_of(place)) parts["line"] = *line;
  if (text.starts_with("rule '")) cut();  // the evaluator names the rule, too
  const std::string_view field = text.substr(0, text.find(": "));
  if (field.size() < text.size() && field.find(' ') == std::string_view::npos) {
    parts["field"] = cut();
  }
  parts["reason"] = text;
  return parts;
}

/// One for each line; one in all when a line has no place, as after a line break in a rule's name.
Json problems_json(std::string_view text) {
  Json problems = Json::array();
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.size() < text.size() && !line_of(line.substr(0, line.find(": ")))) {
      return Json::array({Json{{"reason", text}}});
    }
    problems.push_back(problem_json(line));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return problems;
}

net::Response bad_rule(const Error& error) {
  if (error.code != Errc::invalid_argument) return problem(error);
  const Json errors = problems_json(error.message);
  return problem(400, error.message.substr(0, error.message.find('\n')), {{"errors", errors}});
}

/// Which rule is meant, and all that it may name.
struct Chosen {
  std::vector<rules::Rule> rules;
  std::string name;

  /// Takes the place of one of its name.
  void put(rules::Rule rule) {
    std::erase_if(rules, [&](const rules::Rule& other) { return other.name == rule.name; });
    rules.push_back(std::move(rule));
  }
};

/// One of `rule` (an object), `rule_file` (a text) with `rule_name`, and `rule_name` alone.
Result<Chosen> chosen_rule(const Services& services, const CommandBody& body) {
  const Json* rule = body.member("rule");
  const Json* file = body.member("rule_file");
  auto name = body.text("rule_name");
  if (!name) return std::move(name).error();
  Chosen chosen{*services.spine.rules(), *std::move(name)};
  if (rule != nullptr && (file != nullptr || !chosen.name.empty())) {
    return wrong_member("rule", "give either rule or rule_name");
  }
  if (rule == nullptr && chosen.name.empty()) return wrong_member("rule_name", "is required");
  if (rule == nullptr && file == nullptr) return chosen;
  if (file != nullptr && !file->is_string()) return wrong_member("rule_file", "expected a text");

  const std::string text =
      rule != nullptr ? to_text({{"rules", Json::array({*rule})}}) : file->get<std::string>();
  auto read = services.read_rules(rule != nullptr ? "rule" : "rule_file", text);
  if (!read) return std::move(read).error();
  if (rule != nullptr && !read->empty()) chosen.name = read->front().name;
  for (rules::Rule& each : *read) chosen.put(std::move(each));
  return chosen;
}

Result<backtest::Request> request_of(const Services& services, const CommandBody& body) {
  const TimeMs now = services.clock.now_ms();
  auto chosen = chosen_rule(services, body);
  if (!chosen) return std::move(chosen).error();
  backtest::Request request;
  request.rules = std::move(chosen->rules);
  request.rule = std::move(chosen->name);
  const auto to = body.time("to", now);
  if (!to) return to.error();
  request.to_ms = to->value_or(now);
  const auto from = body.time("from", now);
  if (!from) return from.error();
  request.from_ms = from->value_or(request.to_ms - kDefaultRangeMs);
  if (request.from_ms < kTimeMin) return wrong_member("from", "leaves the years 1 to 9999");
  if (request.to_ms > kTimeMax) return wrong_member("to", "leaves the years 1 to 9999");
  const auto step = body.duration("step");
  if (!step) return step.error();
  request.step_ms = step->value_or(0);
  return request;
}

Json incident_json(const backtest::Incident& incident) {
  return {
      {"pending_since", incident.pending_since},           {"firing_since", incident.firing_since},
      {"resolved_at", time_or_null(incident.resolved_at)}, {"duration_ms", incident.duration_ms},
      {"worst_value", or_null(incident.worst_value)},      {"samples", incident.samples}};
}

Json group_json(const backtest::GroupReport& group, const std::vector<std::string>& fields) {
  Json labels = Json::object();
  for (const std::string& field : fields) {
    const auto label = group.labels.find(field);
    labels[field] = label == group.labels.end() ? Json() : Json(label->second);
  }
  Json incidents = Json::array();
  for (const backtest::Incident& incident : group.incidents) {
    incidents.push_back(incident_json(incident));
  }
  return {{"labels", std::move(labels)},
          {"firings", group.firings},
          {"firing_ms", group.firing_ms},
          {"longest_ms", group.longest_ms},
          {"incidents", std::move(incidents)}};
}

Json report_json(const backtest::Report& report, const std::vector<std::string>& fields) {
  Json groups = Json::array();
  for (const backtest::GroupReport& group : report.groups) {
    groups.push_back(group_json(group, fields));
  }
  return {{"rule", report.rule},
          {"from", report.from_ms},
          {"to", report.to_ms},
          {"step", report.step_ms},
          {"evaluations", report.evaluations},
          {"events", report.events},
          {"readings", report.readings},
          {"readings_failed", report.readings_failed},
          {"failure", report.failure.empty() ? Json() : Json(report.failure)},
          {"firings", report.firings},
          {"firing_ms", report.firing_ms},
          {"share", report.share},
          {"longest_ms", report.longest_ms},
          {"groups", std::move(groups)},
          {"truncated", report.truncated}};
}

/// One at a time: each takes a query thread for long. It is over before it is answered, so who asks
/// again then has his turn.
Result<backtest::Report> run_alone(Context& context, const backtest::Request& request) {
  if (context.backtesting.exchange(true)) {
    return Error{Errc::unavailable, "another back-test is running; try again"};
  }
  struct Turn {
    ~Turn() { running = false; }
    std::atomic<bool>& running;
  } turn{context.backtesting};
  return context.services.backtest(request);
}

}  // namespace

/// How often a rule would have fired on what is stored.
void post_rules_test(Context& context, const Call& call) {
  const auto body = CommandBody::parse(call.request);
  if (!body) return call.respond(problem(body.error()));
  const auto request = request_of(context.services, *body);
  if (!request) return call.respond(bad_rule(request.error()));
  const auto report = run_alone(context, *request);
  if (!report) return call.respond(bad_rule(report.error()));
  const auto rule =
      std::find_if(request->rules.begin(), request->rules.end(),
                   [&](const rules::Rule& each) { return each.name == request->rule; });
  call.respond(json_answer(report_json(*report, rule->group_by)));
}

}  // namespace vitals::api
