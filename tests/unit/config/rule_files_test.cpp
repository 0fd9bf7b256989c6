#include <fstream>

#include <catch2/catch.hpp>

#include <vitals/config/rule_files.h>

#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::config;

namespace {

/// Files in a folder of their own; their messages name them without it.
class WrittenRules {
 public:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }
  std::string plain(std::string text) const {
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
  std::vector<std::string> plain(std::vector<std::string> texts) const {
    for (std::string& text : texts) text = plain(std::move(text));
    return texts;
  }

 private:
  vitals::test::TempFolder folder_;
};

using Texts = std::vector<std::string>;

constexpr const char* kGoodRule =
    "rules:\n"
    "  - name: collapse\n"
    "    metric: execution_success_rate\n"
    "    below: 80\n"
    "    min_samples: 20\n"
    "    group_by: [prompt]\n"
    "    annotations: {summary: 'it fails'}\n";

}  // namespace

TEST_CASE("good rule files have neither problems nor warnings") {
  const WrittenRules files;
  const RuleFiles read = read_rule_files({files.write("a.yaml", kGoodRule)}, {});
  CHECK(read.problems.empty());
  CHECK(files.plain(read.warnings) == Texts{});
  CHECK(read.rules.size() == 1);
}

TEST_CASE("every problem of every file is told") {
  const WrittenRules files;
  const RuleFiles read =
      read_rule_files({files.write("a.yaml",
                                   "rules:\n"
                                   "  - {name: a, metric: rating, below: x}\n"
                                   "  - {name: b, metric: ratin, below: 3}\n"),
                       files.write("b.yaml", "rules:\n  - {name: a, absent: 5m, colour: red}\n"),
                       "no-such-file.yaml"},
                      {});
  const Texts problems = files.plain(read.problems);
  REQUIRE(problems.size() == 5);
  CHECK(problems[0] == "a.yaml:2: rules[0].below: 'x': expected a number");
  CHECK(problems[1].find("a.yaml:3: rules[1].metric: there is no metric 'ratin'") == 0);
  CHECK(problems[2].find("b.yaml:2: rules[0].name: 'a' is also the name of the rule at") == 0);
  CHECK(problems[3] == "b.yaml:2: rules[0].colour: unknown key");
  CHECK(problems[4].find("no-such-file.yaml: ") == 0);
}

TEST_CASE("problems that only the evaluator sees are told of each rule") {
  const WrittenRules files;
  const RuleFiles read = read_rule_files(
      {files.write("a.yaml",
                   "rules:\n"
                   "  - {name: a, metric: rating, below: 3, annotations: {summary: '{{valu}}'}}\n"
                   "  - {name: b, absent: 5m, group_by: [prompt], labels: {prompt: x}}\n")},
      {});
  const Texts problems = files.plain(read.problems);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].find("a.yaml:2: rule 'a': annotations.summary: unknown placeholder") == 0);
  CHECK(problems[1].find("a.yaml:3: rule 'b': labels: 'prompt' is set by group_by") == 0);
}

TEST_CASE("rules that nobody is likely to want are warned of") {
  const WrittenRules files;
  const auto warnings = [&files](const std::string& keys) {
    const RuleFiles read =
        read_rule_files({files.write("w.yaml", "rules:\n  - {name: a, " + keys + "}\n")}, {});
    CHECK(read.problems.empty());
    return files.plain(read.warnings);
  };
  const std::string summary = ", annotations: {summary: s}";
  CHECK(warnings("absent: 5m") ==
        Texts{"w.yaml:2: annotations: has no summary, which is what people read first (rule 'a')"});
  CHECK(warnings("metric: execution_success_rate, below: 90" + summary) ==
        Texts{"w.yaml:2: min_samples: is 1: a single bad execution raises an alert (rule 'a')"});
  CHECK(
      warnings("metric: execution_success_rate, min_samples: 5, below: 0" + summary) ==
      Texts{"w.yaml:2: below: never fires: execution_success_rate lies from 0 to 100 (rule 'a')"});
  CHECK(
      warnings("metric: response_quality_score, min_samples: 5, below: 80" + summary) ==
      Texts{"w.yaml:2: below: always holds: response_quality_score lies from 0 to 10 (rule 'a')"});
  CHECK(warnings("metric: rating, min_samples: 5, above: 5" + summary) ==
        Texts{"w.yaml:2: above: never fires: rating lies from 1 to 5 (rule 'a')"});
  CHECK(warnings("metric: rating, stat: sum, above: 5000" + summary).empty());
  CHECK(warnings("metric: overall_performance_score, min_samples: 5, below: 50" + summary).empty());
  CHECK(warnings("metric: sentiment, min_samples: 5, below: -0.5" + summary).empty());
  CHECK(warnings("metric: executions, below: 1" + summary).empty());
  CHECK(warnings("metric: execution_success_rate, confidence: 95, below: 90" + summary).empty());
  CHECK(warnings("metric: cost_usd, stat: sum, below: -1" + summary).empty());
  CHECK(warnings("metric: completion_time, min_samples: 5, below: 0" + summary) ==
        Texts{"w.yaml:2: below: never fires: completion_time lies of at least 0 (rule 'a')"});
}

TEST_CASE("rules are read from YAML and from JSON alike") {
  const auto yaml = parse_rules("rules", kGoodRule, {});
  REQUIRE(yaml);
  const auto json =
      parse_rules("rule",
                  R"({"rules":[{"name":"collapse","metric":"execution_success_rate","below":80,)"
                  R"("min_samples":20,"group_by":["prompt"],"filter":["tags.x:a\"b\\cé"],)"
                  R"("annotations":{"summary":"it \n fails"},"for":"1m"}]})",
                  {});
  if (!json) FAIL(json.error().message);
  CHECK(std::get<rules::Threshold>(json->front().condition).bound ==
        std::get<rules::Threshold>(yaml->front().condition).bound);
  CHECK(json->front().annotations.at("summary") == "it \n fails");
  CHECK(json->front().filters.front().patterns.front() == "a\"b\\c\u00e9");
  CHECK(json->front().for_ms == 60'000);

  const auto bad =
      parse_rules("rule", R"({"rules":[{"name":"a","metric":"rating","below":"3"}]})", {});
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message == "rule:1: rules[0].below: expected a number, without quotes");
}

TEST_CASE("a file of rule tests becomes tests") {
  const WrittenRules files;
  files.write("a.yaml", kGoodRule);
  const auto read = read_rule_tests(
      files.write(
          "t.yaml",
          "rule_files: [a.yaml]\n"
          "evaluate_every: 30s\n"
          "tests:\n"
          "  - name: it fires\n"
          "    start: 2026-03-01T09:00:00+01:00\n"
          "    executions:\n"
          "      - {until: 10m, every: 10s, count: 5, prompt: a, version: 2, status: success,\n"
          "         error: {recovered: false}, error.type: timeout, duration_ms: 800.5,\n"
          "         tags: {n: 007}, quality.clarity: 5}\n"
          "      - {from: 5m, prompt: b}\n"
          "      - {from: 5m, every: 1m, prompt: b}\n"
          "    unwell: [{from: 1m, component: disk, why: it is full}]\n"
          "    expect:\n"
          "      - {at: 9m, alerts: []}\n"
          "      - at: 12m\n"
          "        rule: collapse\n"
          "        alerts:\n"
          "          - {status: pending, labels: {prompt: a}, annotations: {summary: s}}\n"
          "          - {rule: collapse}\n"),
      {});
  if (!read) FAIL(read.error().message);
  CHECK(read->rules.size() == 1);
  CHECK(read->evaluate_every_ms == 30'000);
  REQUIRE(read->tests.size() == 1);
  const backtest::RuleTest& test = read->tests.front();
  CHECK(files.plain(test.place) == "t.yaml:4");
  CHECK(test.start_ms == 1'772'352'000'000);
  REQUIRE(test.executions.size() == 3);
  const backtest::Generator& first = test.executions.front();
  CHECK(first.until_ms == 600'000);
  CHECK(first.every_ms == 10'000);
  CHECK(first.count == 5);
  REQUIRE(first.execution.rows() == 1);
  CHECK(first.execution[model::Label::version].at(0) == "2");
  CHECK(first.execution[model::Label::error_type].at(0) == "timeout");
  CHECK(first.execution.outcome_at(0).recovered == model::Tri::no);
  CHECK(first.execution.number(model::Number::duration_ms, 0) == 800.5);
  CHECK(first.execution.number(model::Number::clarity, 0) == 5);
  CHECK(first.execution.attributes.value(0, "tags.n") == "007");
  CHECK(test.executions[1].every_ms == 0);
  CHECK(test.executions[2].until_ms == 720'001);
  REQUIRE(test.unwell.size() == 1);
  CHECK(test.unwell[0].component == "disk");
  CHECK(test.unwell[0].why == "it is full");
  CHECK(test.unwell[0].from_ms == 60'000);
  CHECK(test.unwell[0].until_ms == 720'001);
  REQUIRE(test.expect.size() == 2);
  CHECK(test.expect[0].alerts.empty());
  CHECK(files.plain(test.expect[1].place) == "t.yaml:15");
  REQUIRE(test.expect[1].alerts.size() == 2);
  CHECK(test.expect[1].alerts[0].rule == "collapse");
  CHECK(test.expect[1].alerts[0].status == model::AlertStatus::pending);
  CHECK(test.expect[1].alerts[1].status == model::AlertStatus::firing);
}

TEST_CASE("a bad test is refused with its place and the reason") {
  struct Case {
    const char* test;
    const char* problem;
  };
  const Case bad = GENERATE(
      Case{"{expect: [{at: 1m, alerts: []}]}", "tests[0].name: is required"},
      Case{"{name: a}", "tests[0].expect: is required, else nothing is tested"},
      Case{"{name: a, expect: [{alerts: []}]}", "tests[0].expect[0].at: is required"},
      Case{"{name: a, expect: [{at: 1m}]}", "tests[0].expect[0].alerts: is required; [] for none"},
      Case{"{name: a, expect: [{at: 1m, rule: colapse, alerts: []}]}",
           "tests[0].expect[0].rule: there is no rule 'colapse'; did you mean 'collapse'?"},
      Case{"{name: a, expect: [{at: 1m, alerts: [{status: firing}]}]}",
           "tests[0].expect[0].alerts[0].rule: is required"},
      Case{"{name: a, expect: [{at: 1m, alerts: []}], executions: [{status: success}]}",
           "tests[0].executions[0].prompt: is required"},
      Case{"{name: a, expect: [{at: 1m, alerts: []}], executions: [{prompt: x, statu: success}]}",
           "tests[0].executions[0].statu: unknown field"},
      Case{"{name: a, expect: [{at: 1m, alerts: []}], executions: [{prompt: x, duration_ms: -1}]}",
           "tests[0].executions[0].duration_ms: "},
      Case{"{name: a, expect: [{at: 1m, alerts: []}], executions: [{prompt: x, until: 5m}]}",
           "tests[0].executions[0].until: has no meaning without every"},
      Case{"{name: a, expect: [{at: 1m, alerts: []}], executions: [{prompt: x, tags: {a: [1]}}]}",
           "tests[0].executions[0].tags.a: expected a single value"},
      Case{
          "{name: a, expect: [{at: 1m, alerts: []}], unwell: [{component: dsk, why: x}]}",
          "tests[0].unwell[0].component: 'dsk': expected one of store, spine, outbox, disk, clock"},
      Case{"{name: a, expect: [{at: 1m, alerts: []}], unwell: [{component: disk}]}",
           "tests[0].unwell[0].why: is required"},
      Case{"{name: a, start: noon, expect: [{at: 1m, alerts: []}]}", "tests[0].start: "});
  const WrittenRules files;
  files.write("a.yaml", kGoodRule);
  const auto read = read_rule_tests(
      files.write("t.yaml", "rule_files: [a.yaml]\ntests:\n  - " + std::string(bad.test) + "\n"),
      {});
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().message, Catch::Contains("t.yaml:3: " + std::string(bad.problem)));
}
