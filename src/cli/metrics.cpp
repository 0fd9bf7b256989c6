#include <ostream>

#include <nlohmann/json.hpp>

#include "session.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

TableCell bound(const Json& metric, const char* member, const char* comparison) {
  const Json& value = metric.at(member);
  return value.is_null() ? TableCell("") : TableCell(comparison, value.get<double>());
}

}  // namespace

int show_metrics(Session& session) {
  return show_document(session, "/api/v1/metrics", [&](const Json& document) {
    Table table({{"METRIC"},
                 {"UNIT"},
                 {"TARGET", Align::right},
                 {"ALERT", Align::right},
                 {"STAT"},
                 {"DESCRIPTION", Align::flexible}});
    for (const Json& metric : document.at("metrics")) {
      const bool lower = metric.at("direction") == "lower_is_better";
      table.add({{metric.at("name").get<std::string>(), Tone::strong},
                 metric.at("unit").get<std::string>(),
                 bound(metric, "target", lower ? "≤ " : "≥ "),
                 bound(metric, "alert", lower ? "> " : "< "),
                 metric.at("takes_stat").get<bool>() ? "any" : "",
                 metric.at("description").get<std::string>()});
    }
    table.print(session.console);
  });
}

}  // namespace vitals::cli
