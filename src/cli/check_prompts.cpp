#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "numbers.h"
#include "prompt_analysis.h"
#include "prompt_commands.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What makes the exit status 1.
bool is_refused(const Json& analysis, const CheckPromptsArguments& arguments) {
  if (arguments.strict && !analysis.at("findings").empty()) return true;
  if (!arguments.min) return false;
  // Most dimensions are measured of English only: such a text has not passed.
  if (!analysis.at("english").get<bool>()) return true;
  for (const auto& [dimension, value] : analysis.at("traits").items()) {
    if (is_below(dimension, value, *arguments.min)) return true;
  }
  return false;
}

/// `reply.md: 12 findings, 3 of 8 dimensions are below 5`.
void print_summary(const Json& analysis, const std::string& file,
                   const CheckPromptsArguments& arguments, const Console& console) {
  const std::size_t findings = analysis.at("findings").size();
  console.out << printable(file) << ": "
              << (findings == 0
                      ? "no finding"
                      : std::to_string(findings) + (findings == 1 ? " finding" : " findings"));
  if (arguments.min) {
    std::size_t below = 0, unknown = 0;
    for (const auto& [dimension, value] : analysis.at("traits").items()) {
      below += is_below(dimension, value, *arguments.min) ? 1 : 0;
      unknown += value.is_number() ? 0 : 1;
    }
    console.out << ", " << below << " of " << analysis.at("traits").size() << " dimensions below "
                << format_number(*arguments.min);
    if (unknown > 0) console.out << ", " << unknown << " not measured";
  }
  const bool refused = is_refused(analysis, arguments);
  const bool judged = arguments.strict || arguments.min;
  if (judged) {
    console.out << ": "
                << toned(refused ? "refused" : "good", refused ? Tone::bad : Tone::good,
                         console.color);
  }
  console.out << '\n';
}

int check_one(Session& session, const std::string& file, const CheckPromptsArguments& arguments) {
  const auto text = read_prompt(file, session.console);
  if (!text) return fail(session, text.error());
  const auto answer = session.server.post("/api/v1/prompts/analyse", "application/json",
                                          R"({"text":)" + *text + '}');
  bool refused = false;
  const int status = show_answer(session, answer, [&](const Json& analysis) {
    print_analysis(analysis, file == "-" ? "stdin" : file, arguments.min, session.console);
    print_summary(analysis, file == "-" ? "stdin" : file, arguments, session.console);
    refused = is_refused(analysis, arguments);
  });
  if (status != kDone) return status;
  if (session.json) {
    const auto analysis = parse_document(answer->body);
    refused = analysis.ok() && is_refused(*analysis, arguments);
  }
  return refused ? kFailed : kDone;
}

}  // namespace

int check_prompts(Session& session, const CheckPromptsArguments& arguments) {
  int worst = kDone;
  bool first = true;
  for (const std::string& file : arguments.files) {
    if (!first && !session.json) session.console.out << '\n';
    first = false;
    const int status = check_one(session, file, arguments);
    if (status == kUnreachable) return status;
    worst = std::max(worst, status);
  }
  return worst;
}

}  // namespace vitals::cli
