#include <algorithm>

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>
#include <vitals/rules/rule.h>

#include "inherit.h"
#include "matchers.h"
#include "read_condition.h"
#include "read_schedule.h"
#include "sections.h"

namespace vitals::config {
namespace {

void read_group(Section& section, rules::Rule& rule) {
  read_filters(section, "filter", rule.filters);
  section.texts("group_by", rule.group_by);
  for (const std::string& field : rule.group_by) {
    if (!model::is_field(field)) section.problem("group_by", "unknown field '" + field + "'");
    if (std::count(rule.group_by.begin(), rule.group_by.end(), field) > 1) {
      section.problem("group_by", "'" + field + "' occurs twice");
    }
  }
}

rules::Rule read_rule(Section& section, const metrics::Catalogue& catalogue,
                      const Schedules& schedules) {
  using model::Severity;
  rules::Rule rule;
  section.text("name", rule.name);
  if (rule.name.empty()) section.problem("name", "is required");
  read_condition(section, catalogue, rule);
  section.duration("for", rule.for_ms, 0, 31 * kDayMs);
  section.duration("keep_firing_for", rule.keep_firing_ms, 0, 31 * kDayMs);
  section.count("min_samples", rule.min_samples, 1);
  read_group(section, rule);
  section.choice<Severity>("severity", rule.severity,
                           {{"informational", Severity::informational},
                            {"warning", Severity::warning},
                            {"critical", Severity::critical}});
  read_schedule(section, "schedule", schedules, rule.schedule);
  section.duration("response_time", rule.response_ms, 0, 31 * kDayMs);
  section.text("action", rule.action);
  section.text_map("labels", rule.labels);
  section.text_map("annotations", rule.annotations);
  rule.source = section.document().file + ":" + std::to_string(section.line());
  return rule;
}

/// A rule that takes the template, and has of its own what a rule must have.
Node rule_of(const Node& of_template, Inheritance& inheritance, const Section& root) {
  const auto with_its_name = [&of_template](std::string_view key) {
    return Node{Node::Kind::scalar, std::string(key), of_template.key, false, of_template.line, {}};
  };
  Node rule;
  rule.kind = Node::Kind::mapping;
  rule.line = of_template.line;
  rule.children = {with_its_name("name"), with_its_name("template")};
  Node whole = inheritance.complete(rule, root);
  for (Node& missing : missing_condition(whole)) whole.children.push_back(std::move(missing));
  return whole;
}

}  // namespace

void read_rules(Section& root, const metrics::Catalogue& catalogue,
                std::vector<rules::Rule>& rules) {
  Inheritance inheritance(root);
  const Schedules schedules = read_schedules(root);
  const auto complete = [&](const Node& rule) { return inheritance.complete(rule, root); };
  root.sections("rules", complete, [&](Section& section) {
    rules::Rule rule = read_rule(section, catalogue, schedules);
    const auto same = std::find_if(rules.begin(), rules.end(), [&rule](const rules::Rule& other) {
      return !rule.name.empty() && other.name == rule.name;
    });
    if (same != rules.end()) {
      section.problem("name",
                      "'" + rule.name + "' is also the name of the rule at " + same->source);
    }
    rules.push_back(std::move(rule));
  });
  for (const Node* unused : inheritance.unused()) {
    const Node rule = rule_of(*unused, inheritance, root);
    Section section = root.made_item("rules", "templates." + unused->key, rule);
    (void)read_rule(section, catalogue, schedules);
  }
}

}  // namespace vitals::config
