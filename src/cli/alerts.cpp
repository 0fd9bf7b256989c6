#include <ostream>

#include <nlohmann/json.hpp>

#include "labels.h"
#include "numbers.h"
#include "session.h"
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
  if (status == "firing") return {status, Tone::bad};
  return {status, status == "pending" ? Tone::warning : Tone::good};
}

/// Since when the alert is in its present status.
const Json& since(const Json& alert, const std::string& status) {
  if (status == "resolved") return alert.at("resolved_at");
  return alert.at(status == "firing" ? "firing_since" : "pending_since");
}

}  // namespace

int show_alerts(Session& session, bool all) {
  const std::string path = all ? "/api/v1/alerts?status=all" : "/api/v1/alerts";
  return show_document(session, path, [&](const Json& document) {
    if (document.at("alerts").empty()) {
      session.console.out << (all ? "There have been no alerts.\n" : "No alert is open.\n");
      return;
    }
    Table table({{"STATUS"},
                 {"SEVERITY"},
                 {"RULE"},
                 {"LABELS"},
                 {"VALUE", Align::right},
                 {"BOUND", Align::right},
                 {"SAMPLES", Align::right},
                 {"SINCE (UTC)"},
                 {"ID"}});
    for (const Json& alert : document.at("alerts")) {
      const std::string status = alert.at("status").get<std::string>();
      const std::string severity = alert.at("severity").get<std::string>();
      table.add({status_cell(status),
                 {severity, severity_tone(severity)},
                 {alert.at("rule").get<std::string>(), Tone::strong},
                 labels_text(alert.at("labels")),
                 number_cell(alert, "value"),
                 number_cell(alert, "threshold"),
                 with_separators(alert.at("samples").get<std::int64_t>()),
                 moment_text(since(alert, status)),
                 {alert.at("id").get<std::string>(), Tone::faint}});
    }
    session.console.out << table.text(session.console.color);
  });
}

}  // namespace vitals::cli
