#include <cstdint>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "evaluator_commands.h"
#include "json_text.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kUnjudged = "insufficient_data";

TableCell verdict_cell(const std::string& verdict) {
  if (verdict == kUnjudged) return {"too few", Tone::faint};
  return {verdict, verdict == "agrees" ? Tone::good : Tone::bad};
}

void print_opinions(const Json& document, const Console& console) {
  console.out << count_of(document, "executions") << " executions assessed, "
              << count_of(document, "shared") << " by two or more\n";
  if (const Json& icc = document.at("icc"); icc.is_number()) {
    console.out << "Intraclass correlation of these: " << number_text(icc, 2) << '\n';
  }
  if (document.at("evaluators").empty()) return;
  console.out << '\n';
  Table table({{"EVALUATOR", Align::flexible},
               {"VERDICT"},
               {"ASSESSED", Align::right},
               {"SET ASIDE", Align::right},
               {"MEAN", Align::right},
               {"SHARED", Align::right},
               {"BIAS", Align::right},
               {"KAPPA", Align::right},
               {"DRIFT", Align::right}});
  bool unjudged = false;
  for (const Json& one : document.at("evaluators")) {
    const std::string name = text_of(one, "evaluator");
    const std::string verdict = text_of(one, "verdict");
    unjudged = unjudged || verdict == kUnjudged;
    table.add({{name.empty() ? "(runners)" : name, Tone::strong},
               verdict_cell(verdict),
               count_of(one, "assessments"),
               count_of(one, "set_aside"),
               number_text(one.at("mean"), 1),
               count_of(one, "shared"),
               number_text(one.at("bias"), 2),
               number_text(one.at("kappa"), 2),
               number_text(one.at("drift"), 2)});
  }
  table.print(console);
  if (unjudged) {
    console.out << "\ntoo few: shares fewer than " << count_of(document, "min_count")
                << " executions with others\n";
  }
}

void print_asked(const Json& document, const Console& console) {
  if (document.at("asked").empty()) return;
  console.out << "\nAsked since " << moment_text(document.at("asked_since")) << " UTC\n";
  Table table({{"EVALUATOR", Align::flexible},
               {"ACCEPTED", Align::right},
               {"NO OPINION", Align::right},
               {"FAILED", Align::right},
               {"OVER BUDGET", Align::right},
               {"TOO LATE", Align::right},
               {"UNDER WAY", Align::right}});
  for (const Json& one : document.at("asked")) {
    const bool failed = one.at("failed").get<std::int64_t>() > 0;
    table.add({{text_of(one, "evaluator"), Tone::strong},
               count_of(one, "accepted"),
               count_of(one, "no_opinion"),
               {count_of(one, "failed"), failed ? Tone::bad : Tone::plain},
               count_of(one, "over_budget"),
               count_of(one, "too_late"),
               count_of(one, "in_flight")});
  }
  table.print(console);
}

}  // namespace

int show_evaluators(Session& session, const EvaluatorArguments& arguments) {
  QueryString query = query_of(arguments.subject);
  query.add_given("min_count", arguments.count_min);
  return show_document(session, "/api/v1/evaluators" + query.text(),
                       [&session](const Json& document) {
                         print_opinions(document, session.console);
                         print_asked(document, session.console);
                       });
}

void add_evaluators(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<EvaluatorArguments>();
  CLI::App* command = app.add_subcommand(
      "evaluators", "Whether evaluators agree, and how those do that the daemon asks");
  add_subject(*command, arguments->subject, "7d", "");
  command->add_option("--min-count", arguments->count_min,
                      "Shared executions that an evaluator needs to be judged (default 30)");
  command->callback([&chosen, arguments] {
    chosen = [arguments](Session& session) { return show_evaluators(session, *arguments); };
  });
}

}  // namespace vitals::cli
