#include "silence_effect.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <vitals/base/nearest.h>
#include <vitals/model/matcher.h>

namespace vitals::api {
namespace {

/// Of alerts of the rules in force, and of those that are open without a rule.
std::set<std::string_view> label_names(const std::vector<rules::Rule>& rules,
                                       const std::vector<model::Alert>& open) {
  std::set<std::string_view> names{"rule", "severity"};
  for (const rules::Rule& rule : rules) {
    for (const auto& [name, value] : rule.labels) names.insert(name);
    names.insert(rule.group_by.begin(), rule.group_by.end());
    if (std::holds_alternative<rules::Unhealthy>(rule.condition)) names.insert("component");
  }
  for (const model::Alert& alert : open) {
    for (const auto& [name, value] : alert.labels) names.insert(name);
  }
  return names;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(word, known);
  return near.empty() ? "" : "; did you mean '" + std::string(near) + "'?";
}

}  // namespace

SilenceEffect effect_of(const std::vector<model::Filter>& matchers,
                        const std::vector<rules::Rule>& rules,
                        const std::vector<model::Alert>& open) {
  SilenceEffect effect;
  const std::set<std::string_view> labels = label_names(rules, open);
  std::vector<std::string_view> rule_names;
  rule_names.reserve(rules.size());
  for (const rules::Rule& rule : rules) rule_names.push_back(rule.name);
  for (const model::Filter& matcher : matchers) {
    if (labels.count(matcher.field) == 0) {
      effect.warnings.push_back("no rule gives its alerts the label '" + matcher.field + "'" +
                                did_you_mean(matcher.field, {labels.begin(), labels.end()}));
    } else if (matcher.field == "rule" &&
               std::none_of(rule_names.begin(), rule_names.end(),
                            [&](std::string_view name) { return matcher.matches(name); })) {
      effect.warnings.push_back(
          "no rule in force satisfies '" + matcher.to_string() + "'" +
          (matcher.negated ? "" : did_you_mean(matcher.patterns.front(), rule_names)));
    }
  }
  effect.matching_alerts = static_cast<std::size_t>(std::count_if(
      open.begin(), open.end(),
      [&matchers](const model::Alert& alert) { return model::matches(matchers, alert); }));
  if (effect.matching_alerts == 0) effect.warnings.emplace_back("no open alert matches at present");
  return effect;
}

}  // namespace vitals::api
