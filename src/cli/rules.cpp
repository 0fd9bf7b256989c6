#include <ostream>

#include <nlohmann/json.hpp>

#include "json_text.h"
#include "labels.h"
#include "numbers.h"
#include "rule_commands.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const Json& rule, const char* member) {
  std::string text;
  for (const Json& item : rule.value(member, Json::array())) {
    text += (text.empty() ? "" : ", ") + item.get<std::string>();
  }
  return text;
}

/// `p95 of duration_ms`.
std::string measured(const Json& rule) {
  const std::string metric = rule.at("metric").get<std::string>();
  const std::string stat = rule.value("stat", "mean");
  return stat == "mean" ? metric : stat + " of " + metric;
}

/// `execution_success_rate < 90 (95 % sure) over 5m`.
std::string on_metric(const Json& rule) {
  if (rule.contains("changed")) {
    const Json& changed = rule.at("changed");
    const std::string direction = changed.at("direction").get<std::string>();
    return measured(rule) + " over " + rule.at("window").get<std::string>() +
           (direction == "either" ? " differs by " : " is " + direction + " by ") +
           changed.at("by").get<std::string>() + " from " +
           changed.at("against").get<std::string>();
  }
  const bool below = rule.contains("below");
  std::string text = measured(rule) + (below ? " < " : " > ") +
                     format_number(rule.at(below ? "below" : "above").get<double>());
  if (rule.contains("reached_within")) {
    return text + " within " + rule.at("reached_within").get<std::string>() +
           " by its trend over " + rule.at("over").get<std::string>();
  }
  if (rule.contains("confidence")) {
    text += " (" + format_number(rule.at("confidence").get<double>()) + " % sure)";
  }
  return text + " over " + rule.at("window").get<std::string>();
}

/// `budget of 99.5 % burns 14.4x over 1h and 5m`.
std::string on_budget(const Json& burn_rate) {
  std::string text =
      "budget of " + format_number(burn_rate.at("objective").get<double>()) + " % burns ";
  std::string pairs;
  for (const Json& pair : burn_rate.at("windows")) {
    pairs += (pairs.empty() ? "" : ", or ") + format_number(pair.at("factor").get<double>()) +
             "x over " + pair.at("long").get<std::string>() + " and " +
             pair.at("short").get<std::string>();
  }
  return text + pairs;
}

std::string condition(const Json& rule) {
  if (rule.contains("absent")) return "no event for " + rule.at("absent").get<std::string>();
  if (rule.contains("burn_rate")) return on_budget(rule.at("burn_rate"));
  if (rule.contains("all_of")) return "all fire: " + joined(rule, "all_of");
  if (rule.contains("any_of")) return "any fires: " + joined(rule, "any_of");
  if (rule.contains("unhealthy")) return "not well: " + joined(rule, "unhealthy");
  if (rule.contains("better_version")) {
    const Json& better = rule.at("better_version");
    return "a version is better in " + measured(better) + " over " +
           better.at("window").get<std::string>();
  }
  return on_metric(rule);
}

/// The condition, then what else is asked: `no event for 30m, per tags.host, if tags.host:!`.
std::string fires_when(const Json& rule) {
  std::string text = condition(rule);
  const std::string lasting = rule.value("for", "0s");
  const std::string groups = joined(rule, "group_by");
  const std::string filters = joined(rule, "filter");
  if (lasting != "0s") text += ", for " + lasting;
  if (!groups.empty()) text += ", per " + groups;
  if (!filters.empty()) text += ", if " + filters;
  return text;
}

}  // namespace

int show_rules(Session& session) {
  return show_document(session, "/api/v1/rules", [&](const Json& document) {
    if (document.at("rules").empty()) {
      session.console.out
          << "No rules are loaded: name rule files under 'rules:' in vitals.yaml.\n";
      return;
    }
    Table table({{"RULE"}, {"SEVERITY"}, {"FIRES WHEN", Align::flexible}});
    for (const Json& rule : document.at("rules")) {
      table.add({{text_of(rule, "name"), Tone::strong},
                 severity_cell(text_of(rule, "severity")),
                 fires_when(rule)});
    }
    table.print(session.console);
  });
}

}  // namespace vitals::cli
