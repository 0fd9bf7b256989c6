#include <algorithm>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/base/number_text.h>
#include <vitals/cli/cli.h>

#include "compliance_commands.h"
#include "json_text.h"
#include "numbers.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// `insufficient data`
std::string in_words(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

Tone verdict_tone(const std::string& verdict) {
  if (verdict == "pass") return Tone::good;
  return verdict == "fail" ? Tone::bad : Tone::warning;
}

std::string value_text(const Json& value) {
  return value.is_number() ? format_number(value.get<double>()) : "-";
}

/// As it was configured, whatever digits that has; marked where it is the prompt's own.
std::string benchmark_text(const Json& check) {
  const Json& bound = check.at("benchmark");
  if (!bound.is_number()) return "-";
  const bool lower = check.at("direction") == "lower_is_better";
  const bool own = text_of(check, "benchmark_of") == "prompt";
  return (lower ? "≤ " : "≥ ") + vitals::number_text(bound.get<double>()) + (own ? "*" : "");
}

std::string version_name(const Json& version) {
  const std::string name = text_of(version, "version");
  return name.empty() ? "(none)" : name;
}

/// `pass`, `fail`, or why neither.
TableCell verdict_cell(const Json& check) {
  const std::string verdict = text_of(check, "verdict");
  const std::string reason = text_of(check, "reason");
  return {in_words(reason.empty() ? verdict : reason), verdict_tone(verdict)};
}

std::string interval_text(const Json& interval) {
  if (!interval.is_array()) return "-";
  return format_number(interval.at(0).get<double>()) + " to " +
         format_number(interval.at(1).get<double>());
}

void print_checks(const Json& document, const Json& checks, const Console& console) {
  const std::string interval =
      format_number(document.at("interval_confidence").get<double>()) + " % INTERVAL";
  Table table({{"METRIC", Align::flexible},
               {"VERDICT"},
               {"VALUE", Align::right},
               {document.at("benchmark") == "alert" ? "ALERT" : "TARGET", Align::right},
               {"MARGIN", Align::right},
               {interval, Align::right},
               {"COUNT", Align::right}});
  for (const Json& check : checks) {
    table.add({{text_of(check, "metric"), Tone::strong},
               verdict_cell(check),
               value_text(check.at("value")),
               benchmark_text(check),
               value_text(check.at("margin")),
               interval_text(check.at("interval")),
               count_of(check, "count")});
  }
  table.print(console);
}

bool has_own(const Json& version) {
  const Json& checks = version.at("checks");
  return std::any_of(checks.begin(), checks.end(),
                     [](const Json& check) { return text_of(check, "benchmark_of") == "prompt"; });
}

void print_version(const Json& document, const Json& version, const Console& console) {
  const std::string verdict = text_of(version, "verdict");
  const auto executions = version.at("executions").get<std::int64_t>();
  console.out << '\n'
              << toned(printable(version_name(version)), Tone::strong, console.color) << ": "
              << toned(in_words(verdict), verdict_tone(verdict), console.color) << ", "
              << with_separators(executions)
              << (executions == 1 ? " execution\n" : " executions\n");
  if (!version.at("checks").empty()) print_checks(document, version.at("checks"), console);
}

void print_compliance(const Json& document, const std::string& prompt, const Console& console) {
  const std::string verdict = text_of(document, "verdict");
  console.out << printable(prompt) << ": "
              << toned(in_words(verdict), verdict_tone(verdict), console.color) << " ("
              << text_of(document, "benchmark") << " bounds, "
              << format_number(document.at("confidence").get<double>()) << " % confidence)\n";
  const Json& versions = document.at("versions");
  for (const Json& version : versions) print_version(document, version, console);
  if (std::any_of(versions.begin(), versions.end(), has_own)) {
    console.out << "\n* a benchmark of the prompt\n";
  }
  if (document.contains("truncated")) {
    console.out << "\nMore versions were left out; --limit shows them\n";
  }
}

/// A script must not take for a pass what it cannot read.
int status_of_verdict(Session& session, const std::string& body) {
  const auto document = parse_document(body);
  if (!document) return fail(session, document.error());
  const auto verdict = document->find("verdict");
  if (verdict != document->end()) {
    if (*verdict == "pass") return kDone;
    if (*verdict == "fail") return kMissed;
    if (*verdict == "insufficient_data") return kUndecided;
  }
  return fail(session, {Errc::corruption, "the daemon's answer has no verdict"});
}

std::string compliance_query(const ComplianceArguments& arguments) {
  QueryString query = query_of(arguments.subject);
  query.add("prompt", arguments.prompt);
  if (arguments.version) query.add("version", *arguments.version);
  query.add_given("metrics", arguments.metrics);
  query.add_given("benchmark", arguments.benchmark);
  query.add_given("confidence", arguments.confidence);
  query.add_given("min_count", arguments.min_count);
  return query.text();
}

}  // namespace

int show_compliance(Session& session, const ComplianceArguments& arguments) {
  const auto body = session.server.get("/api/v1/compliance" + compliance_query(arguments));
  if (!body) return fail(session, body.error());
  const int shown = show_body(session, *body, [&](const Json& document) {
    print_compliance(document, arguments.prompt, session.console);
  });
  return shown == kDone ? status_of_verdict(session, *body) : shown;
}

void add_compliance(CLI::App& app, Chosen& chosen) {
  auto of = std::make_shared<ComplianceArguments>();
  CLI::App* command =
      app.add_subcommand("compliance", "Whether the versions of a prompt meet their benchmarks");
  command->add_option("PROMPT", of->prompt, "Its name")->required();
  command->add_option("--version", of->version, "Only this one; '' is executions that name none");
  command->add_option("--metrics", of->metrics,
                      "Those that count, as execution_success_rate,completion_time; default all "
                      "that the version has a benchmark for");
  command->add_option("--benchmark", of->benchmark, "target (default), or alert");
  command->add_option("--confidence", of->confidence, "Of each verdict, in percent; default 95");
  command->add_option("--min-count", of->min_count,
                      "A metric of fewer executions (ratings, assessments) is not judged; "
                      "default 30");
  add_subject(*command, of->subject, "7d", "Versions at most; default 1,000");
  command->footer(
      "Exit status: 0 all versions pass; 4 one fails; 5 none fails, but of one too little is "
      "known;\n"
      "else as of every command: 1 refused or failed (as for a prompt that nobody knows),\n"
      "2 wrong command line, 3 no daemon answers.");
  command->callback(
      [&chosen, of] { chosen = [of](Session& session) { return show_compliance(session, *of); }; });
}

}  // namespace vitals::cli
