#include <ostream>

#include <nlohmann/json.hpp>

#include "alert_commands.h"
#include "json_text.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string matchers_text(const Json& silence) {
  std::string text;
  for (const Json& matcher : silence.at("matchers")) {
    text += (text.empty() ? "" : ", ") + matcher.get<std::string>();
  }
  return text;
}

}  // namespace

int show_silences(Session& session, bool all) {
  const std::string path = all ? "/api/v1/silences?all=1" : "/api/v1/silences";
  return show_document(session, path, [&](const Json& document) {
    if (document.at("silences").empty()) {
      session.console.out << "Nothing is silenced.\n";
      return;
    }
    Table table({{"ID"},
                 {"STATE"},
                 {"UNTIL (UTC)"},
                 {"BY", Align::flexible},
                 {"ALERTS", Align::flexible},
                 {"REASON", Align::flexible}});
    for (const Json& silence : document.at("silences")) {
      table.add({short_id(text_of(silence, "id")),
                 text_of(silence, "state"),
                 moment_text(silence.at("until")),
                 text_of(silence, "by"),
                 {matchers_text(silence), Tone::strong},
                 text_of(silence, "reason")});
    }
    table.print(session.console);
  });
}

int silence(Session& session, const SilenceArguments& arguments) {
  const Json body{{"matchers", arguments.matchers},
                  {"duration", arguments.duration},
                  {"reason", arguments.reason},
                  {"by", arguments.by}};
  const auto answer = session.server.post("/api/v1/silences", "application/json", body.dump());
  return show_answer(session, answer, [&session](const Json& made) {
    const auto alerts = made.at("matching_alerts").get<std::uint64_t>();
    session.console.out << "silence " << printable(text_of(made, "id")) << " until "
                        << moment_text(made.at("until")) << " UTC, of " << alerts
                        << (alerts == 1 ? " open alert\n" : " open alerts\n");
    for (const Json& warning : made.at("warnings")) {
      session.console.err << toned("warning: ", Tone::warning, session.console.color)
                          << printable(warning.get<std::string>()) << '\n';
    }
  });
}

int end_silence(Session& session, const std::string& id) {
  const auto whole = find_id(session, "/api/v1/silences", "silences", id);
  if (!whole) return fail(session, whole.error());
  return show_answer(
      session, session.server.erase("/api/v1/silences/" + *whole), [&session](const Json& ended) {
        session.console.out << "silence " << printable(text_of(ended, "id")) << " is over\n";
      });
}

}  // namespace vitals::cli
