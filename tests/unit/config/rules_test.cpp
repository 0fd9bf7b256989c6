#include <catch2/catch.hpp>

#include <vitals/metrics/metric.h>
#include <vitals/rules/rule.h>

#include "config/sections.h"

using namespace vitals;
using namespace vitals::config;

namespace {

struct Loaded {
  std::vector<rules::Rule> rules;
  std::string problems;
};

Loaded load(const std::string& text) {
  Loaded loaded;
  Report report;
  Document document{"r.yaml", &report, {}, {}};
  const metrics::Catalogue catalogue(metrics::Options{});
  if (const auto root = parse_yaml(text, document)) {
    Section section(*root, document);
    read_rules(section, catalogue, loaded.rules);
  }
  loaded.problems = report.text();
  return loaded;
}

}  // namespace

TEST_CASE("a rule file becomes rules") {
  const Loaded loaded = load(
      "rules:\n"
      "  - name: success rate below 90 %\n"
      "    metric: execution_success_rate\n"
      "    below: 90\n"
      "    window: 5m\n"
      "    for: 0s\n"
      "    min_samples: 20\n"
      "    filter: ['environment:production', 'tags.synthetic:!true']\n"
      "    group_by: [prompt, version]\n"
      "    severity: critical\n"
      "    labels: {tier: warning}\n"
      "    annotations:\n"
      "      summary: 'at {{value}} %'\n"
      "  - {name: slow, metric: duration_ms, stat: p99.9, above: 45000}\n"
      "  - {name: silent, absent: 10m, group_by: [prompt]}\n");
  REQUIRE(loaded.problems == "");
  REQUIRE(loaded.rules.size() == 3);
  const rules::Rule& rate = loaded.rules[0];
  const auto& bound = std::get<rules::Threshold>(rate.condition);
  CHECK(bound.comparison == rules::Comparison::below);
  CHECK(bound.bound == 90);
  CHECK(rate.window_ms == 300'000);
  CHECK(rate.min_samples == 20);
  REQUIRE(rate.filters.size() == 2);
  CHECK(rate.filters[1].negated);
  CHECK(rate.group_by == std::vector<std::string>{"prompt", "version"});
  CHECK(rate.severity == model::Severity::critical);
  CHECK(rate.annotations.at("summary") == "at {{value}} %");
  CHECK(rate.source == "r.yaml:2");
  const auto& slow = std::get<rules::Threshold>(loaded.rules[1].condition);
  CHECK(slow.stat.to_string() == "p99.9");
  CHECK(slow.comparison == rules::Comparison::above);
  CHECK(std::get<rules::Absence>(loaded.rules[2].condition).absent_ms == 600'000);
}

TEST_CASE("a bad rule is refused with its place and the reason") {
  struct Case {
    const char* rule;
    const char* problem;
  };
  const Case bad = GENERATE(
      Case{"{metric: executions, below: 1}", "name: is required"},
      Case{"{name: a}", "needs a metric (with below or above) or absent"},
      Case{"{name: a, metric: rating}", "a metric needs below or above, and only one of them"},
      Case{"{name: a, metric: rating, below: 1, above: 2}",
           "a metric needs below or above, and only one of them"},
      Case{"{name: a, metric: ratin, below: 1}", "did you mean 'rating'?"},
      Case{"{name: a, metric: rating, below: low}", "'low': expected a number"},
      Case{"{name: a, metric: execution_success_rate, stat: p95, below: 1}", "takes no stat"},
      Case{"{name: a, absent: 1h, metric: rating, below: 1}", "either a metric or absent"},
      Case{"{name: a, absent: 1h, below: 1}", "below: has no meaning in a rule of absence"},
      Case{"{name: a, absent: 3d}", "must be at most 2d"},
      Case{"{name: a, absent: 1h, filter: [planet:mars]}", "unknown field 'planet'"},
      Case{"{name: a, absent: 1h, group_by: [planet]}", "unknown field 'planet'"},
      Case{"{name: a, absent: 1h, group_by: [prompt, prompt]}", "'prompt' occurs twice"},
      Case{"{name: a, absent: 1h, severity: loud}",
           "'loud': expected informational, warning or critical"});
  CAPTURE(bad.rule);
  const std::string problems = load("rules:\n  - " + std::string(bad.rule) + "\n").problems;
  CAPTURE(problems);
  CHECK(problems.find("r.yaml:2: rules[0]") == 0);
  CHECK(problems.find(bad.problem) != std::string::npos);
}

TEST_CASE("names of rules are unique") {
  CHECK(load("rules:\n  - {name: a, absent: 1h}\n  - {name: a, absent: 1h}\n").problems ==
        "r.yaml:3: rules[1].name: 'a' is also the name of the rule at r.yaml:2");
}
