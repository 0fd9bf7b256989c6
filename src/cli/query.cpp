#include "query.h"

#include <optional>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "numbers.h"
#include "query_string.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Target and alert bound of a metric, to color its values by.
struct Bounds {
  std::optional<double> target;
  std::optional<double> alert;
  bool lower_is_better = false;

  Tone tone(double value) const {
    const auto worse = [this, value](double bound) {
      return lower_is_better ? value > bound : value < bound;
    };
    if (alert && worse(*alert)) return Tone::bad;
    if (!target) return Tone::plain;
    return worse(*target) ? Tone::warning : Tone::good;
  }
};

/// Only asked for when there are colors to show; without an answer there are none.
Bounds bounds_of(Session& session, const std::string& name) {
  Bounds bounds;
  if (!session.console.color) return bounds;
  const auto body = session.server.get("/api/v1/metrics");
  if (!body) return bounds;
  const Json document = Json::parse(*body, nullptr, false);
  if (!document.is_object()) return bounds;
  for (const Json& metric : document.value("metrics", Json::array())) {
    if (metric.value("name", "") != name) continue;
    if (metric.at("target").is_number()) bounds.target = metric.at("target").get<double>();
    if (metric.at("alert").is_number()) bounds.alert = metric.at("alert").get<double>();
    bounds.lower_is_better = metric.value("direction", "") == "lower_is_better";
  }
  return bounds;
}

TableCell value_cell(const Json& value, const Bounds& bounds) {
  if (value.is_null()) return {"-", Tone::faint};
  const auto number = value.get<double>();
  return {"", number, bounds.tone(number)};
}

std::string heading(const Json& answer) {
  std::string text = answer.at("metric").get<std::string>();
  if (answer.at("stat").is_string()) text += " (" + answer.at("stat").get<std::string>() + ")";
  const std::string unit = answer.at("unit").get<std::string>();
  if (!unit.empty()) text += " in " + unit;
  return text + ", " + format_moment(answer.at("from").get<TimeMs>()) + " to " +
         format_moment(answer.at("to").get<TimeMs>()) + " UTC, from " +
         answer.at("resolution").get<std::string>() + " data";
}

std::vector<Column> columns(const std::vector<std::string>& group_by, bool steps) {
  std::vector<Column> columns;
  columns.reserve(group_by.size() + 3);
  for (const std::string& field : group_by) columns.push_back({field, Align::flexible});
  if (steps) columns.push_back({"TIME (UTC)"});
  columns.push_back({"VALUE", Align::right});
  columns.push_back({"COUNT", Align::right});
  return columns;
}

std::vector<TableCell> label_cells(const Json& labels) {
  std::vector<TableCell> cells;
  for (const auto& [name, value] : labels.items()) {
    cells.push_back(value.is_string() ? TableCell(value.get<std::string>())
                                      : TableCell("-", Tone::faint));
  }
  return cells;
}

Table table_of(const Json& answer, const std::vector<std::string>& group_by, const Bounds& bounds) {
  const bool steps = answer.at("step").is_number();
  Table table(columns(group_by, steps));
  for (const Json& group : answer.at("groups")) {
    std::vector<TableCell> labels = label_cells(group.at("labels"));
    const auto add = [&](std::vector<TableCell> row, const Json& value, const Json& count) {
      row.push_back(value_cell(value, bounds));
      row.emplace_back(with_separators(count.get<std::int64_t>()));
      table.add(std::move(row));
    };
    if (!steps) {
      add(std::move(labels), group.at("value"), group.at("count"));
      continue;
    }
    for (const Json& point : group.at("points")) {
      std::vector<TableCell> row = labels;
      row.emplace_back(format_moment(point.at(0).get<TimeMs>()));
      add(std::move(row), point.at(1), point.at(2));
    }
  }
  return table;
}

/// `group_by` as single fields, in the order of the answer's labels.
std::vector<std::string> fields_of(const std::vector<std::string>& group_by) {
  std::vector<std::string> fields;
  for (const std::string& part : group_by) {
    std::size_t start = 0;
    for (std::size_t comma = 0; comma != std::string::npos; start = comma + 1) {
      comma = part.find(',', start);
      fields.push_back(part.substr(start, comma - start));
    }
  }
  return fields;
}

}  // namespace

std::string query_path(const QueryArguments& arguments) {
  QueryString query;
  query.add_given("window", arguments.window);
  query.add_given("from", arguments.from);
  query.add_given("to", arguments.to);
  query.add_given("step", arguments.step);
  query.add_list("group_by", arguments.group_by);
  for (const std::string& filter : arguments.filters) query.add("filter", filter);
  query.add_given("stat", arguments.stat);
  query.add_given("order", arguments.order);
  query.add_given("limit", arguments.limit);
  query.add_given("resolution", arguments.resolution);
  if (arguments.csv) query.add("format", "csv");
  return "/api/v1/metrics/" + percent_encode(arguments.metric) + query.text();
}

int query(Session& session, const QueryArguments& arguments) {
  if (arguments.csv) {
    const auto body = session.server.get(query_path(arguments));
    if (!body) return fail(session, body.error());
    session.console.out << *body;
    return kDone;
  }
  return show_document(session, query_path(arguments), [&](const Json& answer) {
    const bool color = session.console.color;
    const Bounds bounds = bounds_of(session, arguments.metric);
    session.console.out << toned(heading(answer), Tone::strong, color) << '\n';
    if (answer.at("groups").empty()) {
      session.console.out << "No executions match.\n";
      return;
    }
    table_of(answer, fields_of(arguments.group_by), bounds).print(session.console);
    if (answer.contains("truncated")) {
      session.console.out << "More groups were left out; raise --limit to see them.\n";
    }
  });
}

}  // namespace vitals::cli
