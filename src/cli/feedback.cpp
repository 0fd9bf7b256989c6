#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "feedback_commands.h"
#include "json_text.h"
#include "numbers.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

void print_feedback(const Json& document, Session& session) {
  const auto comments = document.at("comments").get<std::int64_t>();
  session.console.out << with_separators(comments) << " comments";
  if (document.at("older_left_out").get<bool>()) session.console.out << ", the newest ones";
  session.console.out << '\n';
  if (!document.at("stored").get<bool>()) {
    session.console.out << (comments == 0 ? "Comments are not kept (privacy.comments: drop).\n"
                                          : "Comments are not kept any more (privacy.comments: "
                                            "drop): these are from before.\n");
  }
  if (document.at("topics").empty()) {
    if (comments > 0) session.console.out << "Too few of them speak of the same.\n";
    return;
  }
  session.console.out << '\n';
  Table table({{"TOPIC"},
               {"COMMENTS", Align::right},
               {"SHARE", Align::right},
               {"RATING", Align::right},
               {"SENTIMENT", Align::right},
               {"AS IN", Align::flexible}});
  for (const Json& one : document.at("topics")) {
    const Json& highlights = one.at("highlights");
    table.add({{text_of(one, "topic"), Tone::strong},
               with_separators(one.at("comments").get<std::int64_t>()),
               format_number(100 * one.at("share").get<double>(), 1) + " %",
               number_text(one.at("rating"), 1),
               number_text(one.at("sentiment"), 2),
               highlights.empty() ? "" : text_of(highlights.front(), "text")});
  }
  table.print(session.console);
}

}  // namespace

int show_topics(Session& session, const SubjectArguments& subject) {
  return show_document(session, "/api/v1/feedback/topics" + query_of(subject).text(),
                       [&session](const Json& document) { print_feedback(document, session); });
}

void add_feedback(CLI::App& app, Chosen& chosen) {
  auto subject = std::make_shared<SubjectArguments>();
  CLI::App* command = app.add_subcommand("feedback", "What comments speak of, most telling first");
  add_subject(*command, *subject, "7d", "Topics at most; default 20");
  command->callback([&chosen, subject] {
    chosen = [subject](Session& session) { return show_topics(session, *subject); };
  });
}

}  // namespace vitals::cli
