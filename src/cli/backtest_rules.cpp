#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <utility>

#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>
#include <vitals/cli/cli.h>
#include <vitals/config/rule_files.h>

#include "labels.h"
#include "numbers.h"
#include "progress.h"
#include "rule_commands.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The daemon gives up much sooner (query.backtest_deadline).
constexpr DurationMs kTimeoutMs = kHourMs;
/// Of a rule; the others are in --json.
constexpr std::size_t kGroupsShown = 20;

/// Which rules are asked about: bodies of requests by name.
struct Rules {
  std::vector<std::string> names;
  std::string file_text;  ///< "": they are in force
};

Result<Rules> rules_in_force(Session& session) {
  const auto body = session.server.get("/api/v1/rules");
  if (!body) return body.error();
  const auto document = parse_document(*body);
  if (!document) return document.error();
  Rules rules;
  for (const Json& rule : document->value("rules", Json::array())) {
    rules.names.push_back(rule.value("name", ""));
  }
  if (rules.names.empty()) return Error{Errc::not_found, "no rules are in force"};
  return rules;
}

Result<Rules> rules_of_file(const std::string& file, const std::string& only) {
  const config::RuleFiles read = config::read_rule_files({file}, {});
  if (!read.problems.empty()) return Error{Errc::invalid_argument, read.problems.front()};
  Rules rules;
  for (const auto& rule : read.rules) {
    if (only.empty() || rule.name == only) rules.names.push_back(rule.name);
  }
  if (rules.names.empty()) {
    return Error{Errc::not_found,
                 file + (only.empty() ? " has no rules" : " has no rule '" + only + "'")};
  }
  std::ifstream stream(file);
  rules.file_text.assign(std::istreambuf_iterator<char>(stream), {});
  return rules;
}

Result<Rules> chosen_rules(Session& session, const BacktestArguments& arguments) {
  if (arguments.target.empty()) return rules_in_force(session);
  if (std::error_code gone; std::filesystem::exists(arguments.target, gone)) {
    return rules_of_file(arguments.target, arguments.rule);
  }
  if (arguments.target.ends_with(".yaml") || arguments.target.ends_with(".yml")) {
    return Error{Errc::not_found, "there is no file " + arguments.target};
  }
  return Rules{{arguments.target}, ""};
}

Json request_for(const std::string& name, const Rules& rules, const BacktestArguments& arguments) {
  Json request{{"rule_name", name}};
  if (!rules.file_text.empty()) request["rule_file"] = rules.file_text;
  request["from"] = arguments.from.empty() ? "now-" + arguments.last : arguments.from;
  if (!arguments.to.empty()) request["to"] = arguments.to;
  if (!arguments.step.empty()) request["step"] = arguments.step;
  return request;
}

Result<Json> ask(Session& session, const Json& request) {
  const auto answer =
      session.server.post("/api/v1/rules/test", "application/json", request.dump(), kTimeoutMs);
  if (!answer) return answer.error();
  // One of many that cannot be back-tested does not keep the others from it.
  if (answer->status == 422) {
    const auto why = parse_document(answer->body);
    return Error{Errc::unprocessable, why ? why->value("detail", "") : explain(*answer).message};
  }
  if (answer->status != 200) return explain(*answer);
  return parse_document(answer->body);
}

std::string times(std::uint64_t number) {
  return number == 1 ? "once" : with_separators(static_cast<std::int64_t>(number)) + " times";
}

/// Nobody looks for milliseconds in a back-test.
std::string moment(TimeMs time) { return format_moment(time - time % 1'000); }

DurationMs span(const Json& from, const char* member) { return from.at(member).get<DurationMs>(); }

void add_rows(Table& table, const Json& report) {
  const std::string rule = report.at("rule").get<std::string>();
  std::vector<Json> groups = report.at("groups").get<std::vector<Json>>();
  std::stable_sort(groups.begin(), groups.end(), [](const Json& a, const Json& b) {
    return span(a, "firing_ms") > span(b, "firing_ms");
  });
  const auto add = [&table](TableCell name, const std::string& group, const Json& of) {
    table.add({std::move(name),
               group,
               {"", of.at("firings").get<double>()},
               format_span(span(of, "firing_ms")),
               format_span(span(of, "longest_ms"))});
  };
  if (groups.empty()) {
    table.add({{rule, Tone::strong}, "", {"", 0.0}, "-", "-"});
  }
  for (std::size_t i = 0; i < std::min(groups.size(), kGroupsShown); ++i) {
    add(i == 0 ? TableCell(rule, Tone::strong) : TableCell(""), labels_text(groups[i].at("labels")),
        groups[i]);
  }
  if (groups.size() > kGroupsShown) {
    table.add({"", std::to_string(groups.size() - kGroupsShown) + " more", "", "", ""});
  }
}

void show_incidents(Session& session, const Json& report) {
  Table table({{"FIRED AT (UTC)"},
               {"FOR"},
               {"WORST", Align::right},
               {"SAMPLES", Align::right},
               {"GROUP", Align::flexible}});
  for (const Json& group : report.at("groups")) {
    for (const Json& incident : group.at("incidents")) {
      const bool open = incident.at("resolved_at").is_null();
      table.add({moment(incident.at("firing_since").get<TimeMs>()),
                 format_span(span(incident, "duration_ms")) + (open ? ", still" : ""),
                 incident.at("worst_value").is_null()
                     ? TableCell("-")
                     : TableCell("", incident.at("worst_value").get<double>()),
                 with_separators(incident.at("samples").get<std::int64_t>()),
                 labels_text(group.at("labels"))});
    }
  }
  if (table.empty()) return;
  session.console.out << '\n'
                      << toned(report.at("rule").get<std::string>(), Tone::strong,
                               session.console.color)
                      << '\n';
  table.print(session.console);
}

/// `success would have fired 12 times in the last 30d, for 3h 20m in all.`
void show_summary(Session& session, const std::vector<Json>& reports,
                  const BacktestArguments& arguments) {
  std::uint64_t firings = 0;
  DurationMs firing_ms = 0, longest_step_ms = 0;
  DurationMs shortest_step_ms = span(reports.front(), "step");
  TimeMs from = reports.front().at("from").get<TimeMs>();
  for (const Json& report : reports) {
    firings += report.at("firings").get<std::uint64_t>();
    firing_ms += span(report, "firing_ms");
    longest_step_ms = std::max(longest_step_ms, span(report, "step"));
    shortest_step_ms = std::min(shortest_step_ms, span(report, "step"));
    from = std::min(from, report.at("from").get<TimeMs>());
  }
  const Json& first = reports.front();
  const TimeMs to = first.at("to").get<TimeMs>();
  std::ostream& out = session.console.out;
  out << '\n'
      << (reports.size() == 1 ? first.at("rule").get<std::string>()
                              : std::to_string(reports.size()) + " rules")
      << (firings == 0 ? " would never have fired" : " would have fired " + times(firings))
      << " in "
      << (arguments.to.empty() ? "the last " + format_span(to - from)
                               : moment(from) + " to " + moment(to) + " UTC");
  if (firings > 0) out << ", for " << format_span(firing_ms) << " in all";
  out << ".\nJudged every ";
  if (shortest_step_ms < longest_step_ms) out << format_span(shortest_step_ms) << " to ";
  out << format_span(longest_step_ms);
  const auto asked_ms = parse_duration(arguments.last);
  if (arguments.from.empty() && asked_ms && to - from < *asked_ms - kMinuteMs) {
    out << "; no event that is held is older than " << moment(from) << " UTC";
  }
  out << ".\n";
}

void show(Session& session, const std::vector<Json>& reports, const BacktestArguments& arguments) {
  Table table({{"RULE", Align::flexible},
               {"GROUP", Align::flexible},
               {"FIRINGS", Align::right},
               {"TIME FIRING", Align::right},
               {"LONGEST", Align::right}});
  for (const Json& report : reports) add_rows(table, report);
  table.print(session.console);
  if (arguments.incidents) {
    for (const Json& report : reports) show_incidents(session, report);
  }
  show_summary(session, reports, arguments);
}

}  // namespace

int backtest_rules(Session& session, const BacktestArguments& arguments) {
  const auto rules = chosen_rules(session, arguments);
  if (!rules) return fail(session, rules.error());
  const bool many = rules->names.size() > 1;
  std::vector<Json> reports;
  std::vector<std::pair<std::string, std::string>> left_out;  ///< and why
  Progress progress(session.console);
  std::size_t asked = 0;
  for (const std::string& name : rules->names) {
    progress.show(name, static_cast<double>(asked) / static_cast<double>(rules->names.size()),
                  asked);
    ++asked;
    auto report = ask(session, request_for(name, *rules, arguments));
    progress.clear();
    if (report) {
      reports.push_back(*std::move(report));
    } else if (many && report.error().code == Errc::unprocessable) {
      left_out.emplace_back(name, report.error().message);
    } else {
      return fail(session, report.error());
    }
  }
  if (reports.empty()) return fail(session, {Errc::unprocessable, "no rule can be back-tested"});
  if (session.json) {
    session.console.out << (many ? Json{{"rules", reports}} : reports.front()) << '\n';
    return kDone;
  }
  try {
    show(session, reports, arguments);
    for (const auto& [name, why] : left_out) {
      session.console.out << "left out: " << printable(name) << ": " << printable(why) << '\n';
    }
  } catch (const nlohmann::json::exception&) {
    return fail(session, {Errc::corruption,
                          "the daemon's answer has an unexpected shape; are "
                          "daemon and vitalsctl of one version?"});
  }
  return kDone;
}

}  // namespace vitals::cli
