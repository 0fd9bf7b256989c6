#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/model/filter.h>

#include "alert_commands.h"
#include "labels.h"
#include "numbers.h"
#include "query_string.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

TableCell number_cell(const Json& alert, const char* member) {
  const Json& value = alert.at(member);
  return value.is_null() ? TableCell("-") : TableCell("", value.get<double>());
}

std::string moment_text(const Json& value) {
  if (!value.is_number()) return "-";
  const auto time = value.get<TimeMs>();
  return format_moment(time - time % 1000);
}

TableCell status_cell(const std::string& status) {
  if (status == "firing" || status == "escalated") return {status, Tone::bad};
  return {status, status == "pending" ? Tone::warning : Tone::good};
}

/// The labels that say which group it is: fields. The rule's own, which are the same on all of its
/// alerts, are mostly not called like fields.
Json group_of(const Json& alert) {
  Json group = Json::object();
  for (const auto& [name, value] : alert.at("labels").items()) {
    if (model::is_field(name)) group[name] = value;
  }
  return group;
}

/// Since when it pends or fires, or when it was over.
const Json& since(const Json& alert, const std::string& status) {
  if (status == "resolved") return alert.at("resolved_at");
  return alert.at(status == "pending" ? "pending_since" : "firing_since");
}

}  // namespace

int show_alerts(Session& session, bool all, const std::vector<std::string>& filters) {
  QueryString query;
  if (all) query.add("status", "all");
  for (const std::string& filter : filters) query.add("filter", filter);
  return show_document(session, "/api/v1/alerts" + query.text(), [&](const Json& document) {
    if (document.at("alerts").empty()) {
      session.console.out << (all ? "There have been no such alerts.\n" : "No alert is open.\n");
      return;
    }
    // Lines must fit a terminal, so --json has the rest; the group stands where it may be long.
    Table table({{"ID"},
                 {"STATUS"},
                 {"SEVERITY"},
                 {"RULE"},
                 {"VALUE", Align::right},
                 {"BOUND", Align::right},
                 {"SAMPLES", Align::right},
                 {"SINCE (UTC)"},
                 {"GROUP"}});
    for (const Json& alert : document.at("alerts")) {
      const std::string status = alert.at("status").get<std::string>();
      const std::string severity = alert.at("severity").get<std::string>();
      const std::string id = alert.at("id").get<std::string>();
      table.add({id.substr(id.size() - std::min<std::size_t>(id.size(), 6)),
                 status_cell(status),
                 {severity, severity_tone(severity)},
                 {alert.at("rule").get<std::string>(), Tone::strong},
                 number_cell(alert, "value"),
                 number_cell(alert, "threshold"),
                 with_separators(alert.at("samples").get<std::int64_t>()),
                 moment_text(since(alert, status)),
                 labels_text(group_of(alert))});
    }
    session.console.out << table.text(session.console.color);
  });
}

}  // namespace vitals::cli
