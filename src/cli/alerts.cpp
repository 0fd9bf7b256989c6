#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/model/filter.h>

#include "alert_commands.h"
#include "json_text.h"
#include "labels.h"
#include "numbers.h"
#include "query_string.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What the rule sees now, while it still looks; else what it saw last.
TableCell value_cell(const Json& alert) {
  const Json value = alert.value("current", alert).at("value");
  return value.is_null() ? TableCell("-") : TableCell("", value.get<double>());
}

TableCell status_cell(const Json& alert) {
  const std::string status = alert.at("status").get<std::string>();
  const bool quiet = status != "resolved" && !text_of(alert, "suppressed_by").empty();
  if (quiet) return {status + ", quiet", Tone::warning};
  if (status == "firing" || status == "escalated") return {status, Tone::bad};
  return {status, status == "pending" ? Tone::warning : Tone::good};
}

/// The values of the labels that say which group it is: fields. The rule's own, which are the same
/// on all of its alerts, are mostly not called like fields.
std::string group_of(const Json& alert) {
  std::string group;
  for (const auto& [name, value] : alert.at("labels").items()) {
    if (!model::is_field(name) && name != "component") continue;
    group += (group.empty() ? "" : " ") + printable(value.get<std::string>());
  }
  return group;
}

/// How long it lasted, or has so far.
std::string age_of(const Json& alert) {
  if (const Json& lasted = alert.at("duration_ms"); lasted.is_number()) {
    return format_span(lasted.get<DurationMs>());
  }
  const Json& firing_since = alert.at("firing_since");
  const Json& since = firing_since.is_null() ? alert.at("pending_since") : firing_since;
  const auto current = alert.find("current");
  const Json& now = current == alert.end() ? alert.at("updated_at") : current->at("at");
  return format_span(std::max<DurationMs>(now.get<TimeMs>() - since.get<TimeMs>(), 0));
}

}  // namespace

int show_alerts(Session& session, bool all, const std::vector<std::string>& filters) {
  QueryString query;
  if (all) query.add("status", "all");
  for (const std::string& filter : filters) query.add("filter", filter);
  return show_document(session, "/api/v1/alerts" + query.text(), [&](const Json& document) {
    if (document.at("alerts").empty()) {
      session.console.out << (all               ? "There have been no such alerts.\n"
                              : filters.empty() ? "No alert is open.\n"
                                                : "No open alert matches.\n");
      return;
    }
    // Lines must fit a terminal, so `show` has the rest; the group stands where it may be long.
    Table table({{"ID"},
                 {"SEVERITY"},
                 {"STATUS"},
                 {"FOR", Align::right},
                 {"VALUE", Align::right},
                 {"RULE", Align::flexible},
                 {"GROUP", Align::flexible}});
    for (const Json& alert : document.at("alerts")) {
      table.add({short_id(text_of(alert, "id")),
                 severity_cell(alert.at("severity").get<std::string>()),
                 status_cell(alert),
                 age_of(alert),
                 value_cell(alert),
                 {alert.at("rule").get<std::string>(), Tone::strong},
                 group_of(alert)});
    }
    table.print(session.console);
  });
}

}  // namespace vitals::cli
