#include "alert_commands.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "json_text.h"
#include "labels.h"
#include "numbers.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kNameWidth = 14;
constexpr std::size_t kLineWidth = 80;

/// `name  text`, the text broken at blanks so that it fits a terminal.
void print_field(std::ostream& out, std::string_view name, std::string_view text) {
  if (text.empty() || text == "-") return;
  constexpr std::size_t kRoom = kLineWidth - kNameWidth;
  std::string head(name);
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kRoom) {
      const std::size_t blank = text.rfind(' ', kRoom);
      end = blank != std::string_view::npos && blank > 0 ? blank : text.find(' ');
    }
    const std::string_view line = text.substr(0, end);
    out << head << std::string(kNameWidth - std::min(kNameWidth, head.size()), ' ')
        << printable(line) << '\n';
    text.remove_prefix(line.size());
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    head.clear();
  }
}

/// Texts for people in the order in which they are asked for, then the others.
void print_annotations(std::ostream& out, const Json& annotations) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kFirst{
      {{"summary", "summary"},
       {"description", "description"},
       {"affected", "affected"},
       {"cause", "cause"},
       {"next_step", "next step"},
       {"runbook_url", "runbook"}}};
  for (const auto& [member, name] : kFirst) print_field(out, name, annotations.value(member, ""));
  for (const auto& [name, text] : annotations.items()) {
    const bool printed =
        std::any_of(kFirst.begin(), kFirst.end(),
                    [&name = name](const auto& first) { return name == first.first; });
    if (!printed) print_field(out, name, text.get<std::string>());
  }
}

std::string action_text(const Json& action) {
  const std::string target = text_of(action, "rollback_to");
  const std::string error = text_of(action, "error");
  return text_of(action, "name") + ", " + text_of(action, "state") +
         (action.at("dry_run") == true ? " (dry run)" : "") +
         (target.empty() ? "" : ", back to " + target) + (error.empty() ? "" : ": " + error);
}

/// `chat, pager`.
std::string listed(const Json& names) {
  std::string text;
  for (const Json& name : names) text += (text.empty() ? "" : ", ") + name.get<std::string>();
  return text;
}

/// `71.5 (31 samples, bound 80)`; now, and when its status changed last.
std::string reading_text(const Json& alert, const Json& reading) {
  if (reading.is_null() || reading.at("value").is_null()) return "";
  const Json& bound = alert.at("threshold");
  const Json& against = alert.at("against");
  return format_number(reading.at("value").get<double>()) + " (" +
         with_separators(reading.at("samples").get<std::int64_t>()) + " samples" +
         (bound.is_null() ? ""
                          : ", " + (against.is_null() ? "bound" : against.get<std::string>()) +
                                " " + format_number(bound.get<double>())) +
         ")";
}

void print_alert(std::ostream& out, const Json& alert) {
  const auto line = [&out](const char* name, const std::string& text) {
    print_field(out, name, text);
  };
  line("alert", text_of(alert, "id"));
  line("rule", text_of(alert, "rule"));
  line("status", text_of(alert, "status") + (alert.at("flapping") == true ? ", flapping" : ""));
  line("severity", text_of(alert, "severity"));
  line("labels", labels_text(alert.at("labels")));
  print_annotations(out, alert.at("annotations"));
  line("value", reading_text(alert, alert));
  line("value now", reading_text(alert, alert.value("current", Json())));
  line("firing since", moment_text(alert.at("firing_since")));
  line("due", moment_text(alert.at("due_at")));
  line("resolved", moment_text(alert.at("resolved_at")));
  line("lasted", span_text(alert.at("duration_ms")));
  line("assignee", text_of(alert, "assignee"));
  line("kept quiet by", text_of(alert, "suppressed_by"));
  line("told", listed(alert.at("told")));
  if (const Json& action = alert.at("action"); !action.is_null()) {
    line("action", action_text(action));
  }
  for (const Json& entry : alert.at("timeline")) {
    const std::string by = text_of(entry, "by");
    const std::string text = text_of(entry, "text");
    out << "  " << moment_text(entry.at("at")) << "  " << text_of(entry, "what")
        << (by.empty() ? "" : " by " + printable(by)) << (text.empty() ? "" : ": ")
        << printable(text) << '\n';
  }
}

}  // namespace

Result<std::string> find_id(Session& session, const std::string& path, const char* list,
                            const std::string& end) {
  const auto body = session.server.get(path);
  if (!body) return body.error();
  const auto document = parse_document(*body);
  if (!document) return document.error();
  std::string found;
  for (const Json& item : document->value(list, Json::array())) {
    const std::string id = item.value("id", "");
    if (!id.ends_with(end)) continue;
    if (!found.empty() && found != id) {
      return Error{Errc::invalid_argument, "more than one id ends with '" + end + "'"};
    }
    found = id;
  }
  if (found.empty()) {
    return Error{Errc::not_found, "nothing has an id that ends with '" + end + "'"};
  }
  return found;
}

int show_alert(Session& session, const std::string& alert) {
  const auto id = find_id(session, "/api/v1/alerts?status=all&limit=10000", "alerts", alert);
  if (!id) return fail(session, id.error());
  return show_document(session, "/api/v1/alerts/" + *id,
                       [&](const Json& found) { print_alert(session.console.out, found); });
}

int show_alert_statistics(Session& session, const std::string& last) {
  return show_document(session, "/api/v1/alerts/statistics?from=now-" + last, [&](const Json& all) {
    Table table({{"ALERTS", Align::flexible},
                 {"FIRED", Align::right},
                 {"ACKNOWLEDGED", Align::right},
                 {"LATE", Align::right},
                 {"MTTA", Align::right},
                 {"RESOLVED", Align::right},
                 {"MTTR", Align::right}});
    const auto add = [&table](const std::string& name, const Json& of) {
      table.add({{name, Tone::strong},
                 with_separators(of.at("fired").get<std::int64_t>()),
                 with_separators(of.at("acknowledged").get<std::int64_t>()),
                 with_separators(of.at("response_breaches").get<std::int64_t>()),
                 span_text(of.at("mtta_ms")),
                 with_separators(of.at("resolved").get<std::int64_t>()),
                 span_text(of.at("mttr_ms"))});
    };
    add("all", all);
    for (const char* member : {"severities", "rules"}) {
      for (const auto& [name, of] : all.at(member).items()) add(name, of);
    }
    table.print(session.console);
  });
}

int command_alert(Session& session, const AlertCommand& command) {
  const auto id =
      find_id(session, "/api/v1/alerts?status=all&limit=10000", "alerts", command.alert);
  if (!id) return fail(session, id.error());
  Json body{{"by", command.by}, {"comment", command.comment}};
  if (!command.assignee.empty()) body["assignee"] = command.assignee;
  if (command.dry_run) body["dry_run"] = *command.dry_run;
  const auto answer = session.server.post("/api/v1/alerts/" + *id + "/" + command.verb,
                                          "application/json", body.dump());
  return show_answer(session, answer, [&session](const Json& alert) {
    const std::string assignee = text_of(alert, "assignee");
    const Json& action = alert.at("action");
    session.console.out << printable("alert " + text_of(alert, "rule") + " is " +
                                     text_of(alert, "status") +
                                     (assignee.empty() ? "" : ", assigned to " + assignee) +
                                     (action.is_null() ? "" : "; action " + action_text(action)))
                        << '\n';
  });
}

int show_actions(Session& session) {
  return show_document(session, "/api/v1/actions", [&](const Json& document) {
    if (document.at("actions").empty()) {
      session.console.out << "No recovery action has been asked for.\n";
      return;
    }
    Table table({{"TIME (UTC)"}, {"ALERT"}, {"WHAT"}, {"BY"}, {"ACTION", Align::flexible}});
    for (const Json& entry : document.at("actions")) {
      const std::string by = text_of(entry, "by");
      table.add({moment_text(entry.at("at")),
                 short_id(text_of(entry, "alert")),
                 text_of(entry, "what"),
                 by.empty() ? "-" : by,
                 {text_of(entry, "text"), Tone::strong}});
    }
    table.print(session.console);
  });
}

}  // namespace vitals::cli
