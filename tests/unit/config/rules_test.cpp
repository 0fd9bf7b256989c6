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

Loaded load_rules(const std::string& text) {
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
  const Loaded loaded = load_rules(
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
      Case{"{name: a}", "needs a metric (with below, above or changed), absent, burn_rate"},
      Case{"{name: a, metric: rating}", "a metric needs below or above, and only one of them"},
      Case{"{name: a, metric: rating, below: 1, above: 2}",
           "a metric needs below or above, and only one of them"},
      Case{"{name: a, metric: ratin, below: 1}", "did you mean 'rating'?"},
      Case{"{name: a, metric: rating, below: low}", "'low': expected a number"},
      Case{"{name: a, metric: execution_success_rate, stat: p95, below: 1}", "takes no stat"},
      Case{"{name: a, absent: 1h, metric: rating, below: 1}",
           "absent: a rule has only one condition, and this one has metric already"},
      Case{"{name: a, absent: 1h, below: 1}", "below: has a meaning only with metric"},
      Case{"{name: a, absent: 3d}", "must be at most 2d"},
      Case{"{name: a, absent: 1h, filter: [planet:mars]}", "unknown field 'planet'"},
      Case{"{name: a, absent: 1h, group_by: [planet]}", "unknown field 'planet'"},
      Case{"{name: a, absent: 1h, group_by: [prompt, prompt]}", "'prompt' occurs twice"},
      Case{"{name: a, absent: 1h, severity: loud}",
           "'loud': expected informational, warning or critical"},
      Case{"{name: a, metric: rating, below: 1, confidence: 30}", "expected a number from 50"},
      Case{"{name: a, metric: rating, below: 1, changed: {by: 5%}}", "cannot go with changed"},
      Case{"{name: a, metric: rating, changed: {by: much}}", "expected a share above 0"},
      Case{"{name: a, metric: rating, changed: {against: yesterday, by: 5%}}",
           "'yesterday': expected same-hour-last-week, or trailing"},
      Case{"{name: a, burn_rate: {objective: 99}}", "windows: needs at least one pair"},
      Case{"{name: a, burn_rate: {windows: [{long: 1h, short: 5m}]}}", "factor: is required"},
      Case{"{name: a, absent: 1h, schedule: work}", "schedule: there is no schedule 'work'"},
      Case{"{name: a, absent: 1h, schedule: {days: [friday]}}", "'friday' is no day"},
      Case{"{name: a, absent: 1h, schedule: {from: 9}}", "'9' is no time of day"},
      Case{"{name: a, absent: 1h, schedule: {time_zone: Europe/Bonn}}",
           "there is no time zone 'Europe/Bonn'"});
  CAPTURE(bad.rule);
  const std::string problems = load_rules("rules:\n  - " + std::string(bad.rule) + "\n").problems;
  CAPTURE(problems);
  CHECK(problems.find("r.yaml:2: rules[0]") == 0);
  CHECK(problems.find(bad.problem) != std::string::npos);
}

TEST_CASE("a rule inherits from its templates, and they from the defaults of the file") {
  const Loaded loaded = load_rules(
      "defaults: {window: 10m, min_samples: 7, labels: {team: a, tier: x}}\n"
      "templates:\n"
      "  urgent: {severity: critical, response_time: 5m, labels: {tier: y}}\n"
      "  quiet: {severity: informational, keep_firing_for: 2m}\n"
      "schedules:\n"
      "  work: {days: [mon-fri], from: '08:00', to: '18:00', time_zone: Europe/Berlin}\n"
      "rules:\n"
      "  - {name: a, template: urgent, metric: rating, below: 3, clear: 3.5, min_samples: 9}\n"
      "  - name: b\n"
      "    template: [urgent, quiet]\n"
      "    metric: execution_success_rate\n"
      "    below: 80\n"
      "    confidence: 95\n"
      "    schedule: work\n"
      "    action: roll-back\n"
      "    labels: {extra: z}\n");
  REQUIRE(loaded.problems == "");
  const rules::Rule& a = loaded.rules.at(0);
  CHECK(a.window_ms == 600'000);
  CHECK(a.min_samples == 9);
  CHECK(a.severity == model::Severity::critical);
  CHECK(a.response_ms == 300'000);
  CHECK(a.labels == std::map<std::string, std::string>{{"team", "a"}, {"tier", "y"}});
  CHECK(std::get<rules::Threshold>(a.condition).clear == 3.5);
  const rules::Rule& b = loaded.rules.at(1);
  CHECK(b.severity == model::Severity::informational);
  CHECK(b.keep_firing_ms == 120'000);
  CHECK(b.labels ==
        std::map<std::string, std::string>{{"team", "a"}, {"tier", "y"}, {"extra", "z"}});
  CHECK(std::get<rules::Threshold>(b.condition).confidence == 95);
  CHECK(b.action == "roll-back");
  REQUIRE(b.schedule);
  CHECK(b.schedule->to_string() == "mon-fri 08:00-18:00 Europe/Berlin");
}

TEST_CASE("a template that does not exist is named where it is asked for") {
  CHECK(load_rules("templates: {urgent: {severity: critical}}\n"
                   "rules:\n"
                   "  - name: a\n"
                   "    absent: 1h\n"
                   "    template: urgnt\n")
            .problems ==
        "r.yaml:5: template: there is no template 'urgnt'; did you mean 'urgent'?");
}

TEST_CASE("a template that no rule takes is checked like one that is taken") {
  const auto problems = [](const std::string& of_template) {
    return load_rules("templates: {spare: {" + of_template + "}}\n").problems;
  };
  for (const char* good :
       {"severity: critical, for: 1m", "metric: rating, below: 3", "metric: execution_success_rate",
        "stat: p95, above: 9", "changed: {by: 50%}", "over: 6h", "reached_within: 1h, above: 3",
        "absent: 10m", "all_of: [a, b]", "better_version: {confidence: 99}", ""}) {
    CAPTURE(good);
    CHECK(problems(good) == "");
  }
  CHECK(problems("severty: critical") ==
        "r.yaml:1: templates.spare.severty: unknown key; did you mean 'severity'?");
  CHECK_THAT(problems("for: soon"), Catch::Contains("templates.spare.for: "));
  CHECK_THAT(problems("metric: rating, below: 3, above: 4"), Catch::Contains("only one of them"));
  CHECK_THAT(problems("absent: 1h, clear: 3"), Catch::Contains("a meaning only with metric"));
  CHECK(load_rules("templates:\n  spare:\n").problems == "");
  CHECK(load_rules("templates: {spare: 5}\n").problems != "");
}

TEST_CASE("a mistake that several rules inherit is told once, where it stands") {
  CHECK(load_rules("defaults:\n"
                   "  windw: 5m\n"
                   "rules:\n"
                   "  - {name: a, absent: 1h}\n"
                   "  - {name: b, absent: 1h}\n")
            .problems == "r.yaml:2: rules[0].windw: unknown key; did you mean 'window'?");
}

TEST_CASE("each kind of condition is read") {
  const Loaded loaded = load_rules(
      "rules:\n"
      "  - name: budget\n"
      "    burn_rate: {objective: 99.5, windows: [{long: 1h, short: 5m, factor: 14.4}]}\n"
      "  - {name: both, all_of: [budget, down]}\n"
      "  - {name: any, any_of: [budget, down]}\n"
      "  - {name: down, unhealthy: [store, clock]}\n"
      "  - name: usage\n"
      "    metric: executions\n"
      "    window: 1h\n"
      "    every: 10m\n"
      "    changed: {against: trailing 7d, by: 50%, direction: down}\n"
      "  - {name: trend, metric: rating, below: 3, reached_within: 2h, over: 12h}\n"
      "  - {name: better, better_version: {confidence: 99, window: 7d}}\n");
  REQUIRE(loaded.problems == "");
  const auto& rules = loaded.rules;
  const auto& burn_rate = std::get<rules::BurnRate>(rules.at(0).condition);
  CHECK(burn_rate.objective == 99.5);
  REQUIRE(burn_rate.windows.size() == 1);
  CHECK(burn_rate.windows[0].long_ms == 3'600'000);
  CHECK(burn_rate.windows[0].short_ms == 300'000);
  CHECK(burn_rate.windows[0].factor == 14.4);
  CHECK(std::get<rules::Composite>(rules.at(1).condition).all);
  CHECK_FALSE(std::get<rules::Composite>(rules.at(2).condition).all);
  CHECK(std::get<rules::Unhealthy>(rules.at(3).condition).components ==
        std::vector<std::string>{"store", "clock"});
  const auto& usage = std::get<rules::Deviation>(rules.at(4).condition);
  CHECK(usage.against == rules::Deviation::Against::trailing);
  CHECK(usage.trailing_ms == 7 * 86'400'000LL);
  CHECK(usage.by_percent == 50);
  CHECK(usage.direction == rules::Deviation::Direction::down);
  CHECK(rules.at(4).every_ms == 600'000);
  const auto& trend = std::get<rules::Trend>(rules.at(5).condition);
  CHECK(trend.reached_within_ms == 2 * 3'600'000);
  CHECK(trend.over_ms == 12 * 3'600'000);
  const auto& better = std::get<rules::BetterVersion>(rules.at(6).condition);
  CHECK(better.metric == "overall_performance_score");
  CHECK(better.confidence == 99);
  CHECK(better.window_ms == 7 * 86'400'000LL);
}

TEST_CASE("names of rules are unique") {
  CHECK(load_rules("rules:\n  - {name: a, absent: 1h}\n  - {name: a, absent: 1h}\n").problems ==
        "r.yaml:3: rules[1].name: 'a' is also the name of the rule at r.yaml:2");
}
