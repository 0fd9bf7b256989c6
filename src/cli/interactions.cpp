#include <cstdint>
#include <map>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "interaction_commands.h"
#include "json_text.h"
#include "labels.h"
#include "numbers.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Of each list, where nobody says it: what a person reads.
constexpr const char* kListed = "20";

std::int64_t whole(const Json& object, const char* member) {
  return object.at(member).get<std::int64_t>();
}

std::string percentage(const Json& percent) {
  const std::string text = number_text(percent, 1);
  return percent.is_number() ? text + " %" : text;
}

/// Posted and derived ones together: none is counted twice.
std::string signals(const Json& trail, std::initializer_list<const char*> kinds,
                    const char* derived) {
  std::int64_t sum = whole(trail.at("derived"), derived);
  for (const char* kind : kinds) sum += trail.at("actions").value(kind, std::int64_t{0});
  return with_separators(sum);
}

void print_reach(const Json& document, std::ostream& out) {
  out << count_of(document, "sessions") << " sessions";
  if (whole(document, "open") > 0)
    out << ", " << count_of(document, "open") << " of which may go on";
  out << '\n' << count_of(document, "executions") << " executions";
  if (whole(document, "executions") > 0) {
    out << ", " << count_of(document, "troubled") << " troubled ("
        << percentage(document.at("troubled_percent")) << ')';
  }
  const std::int64_t without = whole(document, "without_session");
  if (without > 0) {
    out << "; " << with_separators(without) << (without == 1 ? " more has" : " more have")
        << " no session";
  }
  out << '\n';
}

/// What people did, as far as anything says so.
void print_signals(const Json& document, const Console& console) {
  std::map<std::string, std::pair<std::string, std::string>> rows;
  for (const auto& [kind, count] : document.at("actions").items()) {
    rows[kind].first = with_separators(count.get<std::int64_t>());
  }
  for (const auto& [kind, count] : document.at("derived").items()) {
    if (count != 0) rows[kind].second = with_separators(count.get<std::int64_t>());
  }
  if (rows.empty()) return;
  console.out << '\n';
  Table table({{"SIGNAL", Align::flexible}, {"POSTED", Align::right}, {"DERIVED", Align::right}});
  for (const auto& [kind, counts] : rows) table.add({kind, counts.first, counts.second});
  table.print(console);
}

/// Of prompts or segments; the first two columns are theirs.
Table trail_table(Column name, Column number) {
  return Table({std::move(name),
                std::move(number),
                {"RUNS", Align::right},
                {"TROUBLED", Align::right},
                {"RETRIED", Align::right},
                {"REPEATED", Align::right},
                {"LEFT", Align::right},
                {"EXITS", Align::right}});
}

void add_trail(Table& table, TableCell name, TableCell number, const Json& trail) {
  table.add({std::move(name), std::move(number), count_of(trail, "executions"),
             percentage(trail.at("troubled_percent")),
             signals(trail, {"retry", "regenerate"}, "retry"), signals(trail, {}, "repeat"),
             signals(trail, {"abandon"}, "abandon"), percentage(trail.at("exit_percent"))});
}

void print_left_out(const Json& left_out, std::ostream& out) {
  std::string text;
  for (const auto& [what, count] : left_out.items()) {
    const auto number = count.get<std::int64_t>();
    if (number == 0) continue;
    text += (text.empty() ? "\n" : ", ") + with_separators(number) + " more " +
            (number == 1 ? what.substr(0, what.size() - 1) : what);
  }
  if (!text.empty()) out << text << "; --limit shows them\n";
}

void print_journeys(const Json& document, const Console& console) {
  print_reach(document, console.out);
  print_signals(document, console);
  if (document.at("steps").empty()) return;
  console.out << '\n';
  Table steps = trail_table({"PROMPT", Align::flexible}, {"FRICTION", Align::right});
  for (const Json& step : document.at("steps")) {
    add_trail(steps, {text_of(step, "prompt"), Tone::strong},
              format_number(100 * step.at("friction").get<double>(), 1) + " %", step);
  }
  steps.print(console);
  if (!document.at("segments").empty()) {
    console.out << '\n';
    Table segments = trail_table({"SEGMENT", Align::flexible}, {"SESSIONS", Align::right});
    for (const Json& segment : document.at("segments")) {
      add_trail(segments, {labels_text(segment.at("labels")), Tone::strong},
                count_of(segment, "sessions"), segment);
    }
    segments.print(console);
  }
  if (!document.at("paths").empty()) {
    console.out << '\n';
    Table paths({{"FROM", Align::flexible}, {"TO", Align::flexible}, {"COUNT", Align::right}});
    for (const Json& path : document.at("paths")) {
      paths.add({text_of(path, "from"), text_of(path, "to"), count_of(path, "count")});
    }
    paths.print(console);
  }
  print_left_out(document.at("left_out"), console.out);
}

}  // namespace

int show_interactions(Session& session, const InteractionArguments& arguments) {
  QueryString query = query_of(arguments.subject);
  query.add_list("group_by", arguments.group_by);
  query.add_given("retry_within", arguments.retry_within);
  query.add_given("silence", arguments.silence);
  return show_document(
      session, "/api/v1/interactions" + query.text(),
      [&session](const Json& document) { print_journeys(document, session.console); });
}

void add_interactions(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<InteractionArguments>();
  CLI::App* command = app.add_subcommand(
      "interactions", "What people do in their sessions, the prompt with most friction first");
  add_subject(*command, arguments->subject, "1h",
              std::string("Steps, segments and paths at most, of each; default ") + kListed);
  add_group_by(*command, arguments->group_by);
  command
      ->add_option("--retry-within", arguments->retry_within,
                   "The same prompt again after at most that is a retry or repeat (default 5m)")
      ->check(check_duration, "DURATION");
  command
      ->add_option("--silence", arguments->silence,
                   "A session is over when that long nothing has happened (default 30m)")
      ->check(check_duration, "DURATION");
  command->callback([&chosen, arguments] {
    if (arguments->subject.limit.empty()) arguments->subject.limit = kListed;
    chosen = [arguments](Session& session) { return show_interactions(session, *arguments); };
  });
}

}  // namespace vitals::cli
