#include <algorithm>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "error_commands.h"
#include "json_text.h"
#include "numbers.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string percent(const Json& share) {
  if (!share.is_number()) return "-";
  return format_number(100 * share.get<double>(), 1) + " %";
}

/// The first of them, and how many more are told.
std::string places_text(const Json& places, const char* name) {
  std::string text;
  for (const Json& place : places) {
    if (!text.empty()) text += ", ";
    text += place.at(name).is_string() ? place.at(name).get<std::string>() : "-";
  }
  return text;
}

void print_errors(const Json& document, Session& session) {
  session.console.out << with_separators(document.at("errors").get<std::int64_t>()) << " of "
                      << with_separators(document.at("executions").get<std::int64_t>())
                      << " executions failed (" << percent(document.at("share")) << ")\n";
  if (document.at("classes").empty()) return;
  session.console.out << '\n';
  const TimeMs now = session.clock.now_ms();
  Table table({{"ERROR"},
               {"COUNT", Align::right},
               {"SHARE", Align::right},
               {"LAST", Align::right},
               {"PROMPTS", Align::flexible},
               {"MESSAGES LIKE", Align::flexible}});
  for (const Json& one : document.at("classes")) {
    const std::string type = text_of(one, "type");
    table.add({{type.empty() ? "(none)" : type, Tone::strong},
               with_separators(one.at("count").get<std::int64_t>()),
               percent(one.at("share_of_errors")),
               format_ago(now - one.at("last_seen").get<TimeMs>()),
               places_text(one.at("prompts"), "prompt"),
               text_of(one, "template")});
  }
  table.print(session.console);
  const auto left_out = document.at("classes_left_out").get<std::int64_t>();
  if (left_out == 0) return;
  session.console.out << "\n" << with_separators(left_out) << " more; --limit shows them\n";
}

}  // namespace

int show_errors(Session& session, const SubjectArguments& subject) {
  return show_document(session, "/api/v1/errors" + query_of(subject).text(),
                       [&session](const Json& document) { print_errors(document, session); });
}

void add_errors(CLI::App& app, Chosen& chosen) {
  auto subject = std::make_shared<SubjectArguments>();
  CLI::App* command = app.add_subcommand("errors", "Classes of errors, most frequent first");
  add_subject(*command, *subject, "1h", "Classes at most; default 100");
  command->callback([&chosen, subject] {
    chosen = [subject](Session& session) { return show_errors(session, *subject); };
  });
}

}  // namespace vitals::cli
