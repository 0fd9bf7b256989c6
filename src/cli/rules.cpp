#include <ostream>

#include <nlohmann/json.hpp>

#include "labels.h"
#include "numbers.h"
#include "session.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// `execution_success_rate < 90 over 5m`.
std::string condition(const Json& rule) {
  if (rule.contains("absent")) return "no event for " + rule.at("absent").get<std::string>();
  const bool below = rule.contains("below");
  std::string text = rule.at("metric").get<std::string>();
  if (rule.contains("stat") && rule.at("stat") != "mean") {
    text = rule.at("stat").get<std::string>() + " of " + text;
  }
  text += below ? " < " : " > ";
  text += format_number(rule.at(below ? "below" : "above").get<double>());
  return text + " over " + rule.at("window").get<std::string>();
}

std::string joined(const Json& rule, const char* member) {
  std::string text;
  for (const Json& item : rule.value(member, Json::array())) {
    text += (text.empty() ? "" : ", ") + item.get<std::string>();
  }
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
    Table table({{"RULE"}, {"SEVERITY"}, {"FIRES WHEN"}, {"FOR"}, {"PER"}, {"ONLY"}});
    for (const Json& rule : document.at("rules")) {
      const std::string severity = rule.at("severity").get<std::string>();
      table.add({{rule.at("name").get<std::string>(), Tone::strong},
                 {severity, severity_tone(severity)},
                 condition(rule),
                 rule.value("for", ""),
                 joined(rule, "group_by"),
                 joined(rule, "filter")});
    }
    session.console.out << table.text(session.console.color);
  });
}

}  // namespace vitals::cli
