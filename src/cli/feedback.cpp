#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "feedback_commands.h"
#include "json_text.h"
#include "numbers.h"
#include "query_string.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string number_text(const Json& number, int decimals) {
  return number.is_number() ? format_number(number.get<double>(), decimals) : "-";
}

void print(const Json& document, Session& session) {
  const auto comments = document.at("comments").get<std::int64_t>();
  session.console.out << with_separators(comments) << " comments";
  if (document.at("older_left_out").get<bool>()) session.console.out << ", the newest ones";
  session.console.out << '\n';
  if (!document.at("stored").get<bool>()) {
    session.console.out << "Comments are not kept (privacy.comments: drop).\n";
  }
  if (document.at("topics").empty()) return;
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

int show_topics(Session& session, const TopicsArguments& arguments) {
  QueryString query;
  query.add_given("window", arguments.window);
  query.add_given("from", arguments.from);
  query.add_given("to", arguments.to);
  for (const std::string& filter : arguments.filters) query.add("filter", filter);
  query.add_given("limit", arguments.limit);
  return show_document(session, "/api/v1/feedback/topics" + query.text(),
                       [&session](const Json& document) { print(document, session); });
}

void add_feedback(CLI::App& app, Chosen& chosen) {
  auto topics_of = std::make_shared<TopicsArguments>();
  CLI::App* command = app.add_subcommand("feedback", "What comments speak of, most telling first");
  auto* window =
      command->add_option("--window", topics_of->window, "The last 5m, 1h, 7d (default 7d)");
  command->add_option("--from", topics_of->from, "Start: RFC 3339, epoch milliseconds, now-1d")
      ->excludes(window);
  command->add_option("--to", topics_of->to, "End, not included; default now")->excludes(window);
  add_filters(*command, topics_of->filters);
  command->add_option("--limit", topics_of->limit, "Topics at most; default 20");
  command->callback([&chosen, topics_of] {
    chosen = [topics_of](Session& session) { return show_topics(session, *topics_of); };
  });
}

}  // namespace vitals::cli
