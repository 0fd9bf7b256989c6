#include <catch2/catch.hpp>

#include <vitals/backtest/rule_tests.h>
#include <vitals/base/clock.h>

#include "support/few_events.h"

using namespace vitals;
using namespace vitals::backtest;
using vitals::test::batch_of;

namespace {

rules::Rule tested_rule() {
  rules::Rule rule;
  rule.name = "success";
  rule.condition = rules::Threshold{"execution_success_rate", {}, rules::Comparison::below, 90};
  rule.window_ms = 5 * kMinuteMs;
  rule.for_ms = kMinuteMs;
  rule.group_by = {"prompt"};
  rule.annotations = {{"summary", "{{labels.prompt}} at {{value}} %"}};
  return rule;
}

Generator generator(DurationMs from, DurationMs until, const std::string& prompt,
                    model::Tri success) {
  return {from, until, 10 * kSecondMs, 5, batch_of({{0, prompt, success}})};
}

/// Ten good minutes, then ten in which everything fails.
RuleTests collapse(std::vector<Expectation> expect) {
  RuleTest test{"collapse", "t.yaml:3", 1'790'000'000'000, {}, std::move(expect)};
  test.executions = {generator(0, 10 * kMinuteMs, "checkout", model::Tri::yes),
                     generator(10 * kMinuteMs, 20 * kMinuteMs, "checkout", model::Tri::no)};
  return {{tested_rule()}, 15 * kSecondMs, {test}};
}

std::vector<Failure> failures(const RuleTests& tests) {
  const auto results = run_tests(tests, {});
  if (!results) FAIL(results.error().message);
  return results->at(0).failures;
}

ExpectedAlert alert(model::AlertStatus status) { return {"success", status, {}, {}}; }

}  // namespace

TEST_CASE("a test passes when open alerts are those that it expects") {
  using model::AlertStatus;
  ExpectedAlert firing = alert(AlertStatus::firing);
  firing.labels = {{"prompt", "checkout"}};
  firing.annotations = {{"summary", "checkout at 56.67 %"}};
  CHECK(failures(collapse({{"", 9 * kMinuteMs, "", {}},
                           {"", 11 * kMinuteMs, "", {alert(AlertStatus::pending)}},
                           {"", 12 * kMinuteMs, "success", {firing}},
                           {"", 12 * kMinuteMs, "other", {}},
                           {"", 40 * kMinuteMs, "", {}}}))
            .empty());
}

TEST_CASE("a test that fails says what is missing and what is too much") {
  using model::AlertStatus;
  ExpectedAlert other = alert(AlertStatus::firing);
  other.labels = {{"prompt", "search"}};
  const auto failed = failures(collapse({{"t.yaml:9", 9 * kMinuteMs, "", {other}},
                                         {"t.yaml:10", 12 * kMinuteMs, "", {other}},
                                         {"t.yaml:11", 12 * kMinuteMs, "", {}}}));
  REQUIRE(failed.size() == 3);
  CHECK(failed[0].expected.place == "t.yaml:9");
  CHECK(failed[0].missing.size() == 1);
  CHECK(failed[0].unexpected.empty());
  CHECK(failed[1].missing.size() == 1);
  REQUIRE(failed[1].unexpected.size() == 1);
  CHECK(failed[1].unexpected[0].labels.at("prompt") == "checkout");
  CHECK(failed[2].missing.empty());
  CHECK(failed[2].unexpected.size() == 1);
}

TEST_CASE("each expected alert needs an open one of its own") {
  RuleTests tests = collapse({{"", 12 * kMinuteMs, "", {}}});
  tests.tests[0].executions.push_back(generator(0, 20 * kMinuteMs, "search", model::Tri::no));
  ExpectedAlert any = alert(model::AlertStatus::firing);
  ExpectedAlert search = any;
  search.labels = {{"prompt", "search"}};
  tests.tests[0].expect[0].alerts = {any, search};  // the first must leave "search" to the second
  CHECK(failures(tests).empty());
  tests.tests[0].expect[0].alerts = {search, any};
  CHECK(failures(tests).empty());
  tests.tests[0].expect[0].alerts = {search, search};
  const auto failed = failures(tests);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].missing.size() == 1);
  CHECK(failed[0].unexpected.size() == 1);
  CHECK(failed[0].as_expected.size() == 1);
}

TEST_CASE("without executions a rule of absence fires") {
  rules::Rule silent;
  silent.name = "silent";
  silent.condition = rules::Absence{15 * kMinuteMs};
  RuleTest test{"silence", "", 1'790'000'000'000, {}, {}};
  test.expect = {{"", 14 * kMinuteMs, "", {}},
                 {"", 15 * kMinuteMs, "", {{"silent", model::AlertStatus::firing, {}, {}}}}};
  CHECK(failures({{silent}, 15 * kSecondMs, {test}}).empty());
}

TEST_CASE("a component that is not well has an alert while that lasts") {
  rules::Rule unhealthy;
  unhealthy.name = "unhealthy";
  unhealthy.condition = rules::Unhealthy{{"disk", "clock"}};
  unhealthy.for_ms = kMinuteMs;
  unhealthy.annotations = {{"summary", "{{labels.component}}: {{why}}"}};
  RuleTest test{"full", "", 1'790'000'000'000, {}, {}};
  test.unwell = {{5 * kMinuteMs, 10 * kMinuteMs, "disk", "it is full"},
                 {5 * kMinuteMs, 10 * kMinuteMs, "store", "it refuses commits"}};
  ExpectedAlert full{"unhealthy", model::AlertStatus::pending, {{"component", "disk"}}, {}};
  test.expect = {{"", 4 * kMinuteMs, "", {}}, {"", 5 * kMinuteMs, "", {full}}};
  full.status = model::AlertStatus::firing;
  full.annotations = {{"summary", "disk: it is full"}};
  test.expect.push_back({"", 6 * kMinuteMs, "", {full}});
  test.expect.push_back({"", 10 * kMinuteMs, "", {}});
  const auto results = run_tests({{unhealthy}, 15 * kSecondMs, {test}}, {});
  REQUIRE(results);
  CHECK(results->at(0).failures.empty());
  CHECK(results->at(0).fired == std::set<std::string>{"unhealthy"});
}

TEST_CASE("a rule that makes no sense, or a test without end, is refused") {
  RuleTests tests = collapse({{"", kMinuteMs, "", {}}});
  tests.rules[0].condition = rules::Threshold{"no_such"};
  CHECK(run_tests(tests, {}).error().message.find("unknown metric 'no_such'") != std::string::npos);

  tests = collapse({{"", kMinuteMs, "", {}}});
  tests.tests[0].executions[0].count = 4'000'000'000;
  CHECK(run_tests(tests, {}).error().message.find("t.yaml:3: 'collapse' is too long") == 0);
}

TEST_CASE("rules on history are tested on the executions that the test has made up") {
  rules::Rule usage;
  usage.name = "usage";
  rules::Deviation deviation;
  deviation.metric = "executions";
  usage.condition = deviation;
  usage.window_ms = 60 * kMinuteMs;
  usage.every_ms = 5 * kMinuteMs;
  constexpr DurationMs kWeek = 7LL * 24 * 60 * kMinuteMs;
  RuleTest test{"quiet", "", 1'790'000'000'000, {}, {}};
  test.executions = {
      {0, kWeek + 60 * kMinuteMs, kMinuteMs, 2, batch_of({{0, "a"}})},
      {kWeek + 60 * kMinuteMs, kWeek + 180 * kMinuteMs, 10 * kMinuteMs, 1, batch_of({{0, "a"}})}};
  test.expect = {
      {"", kWeek + 60 * kMinuteMs, "", {}},
      {"", kWeek + 120 * kMinuteMs, "", {{"usage", model::AlertStatus::firing, {}, {}}}}};
  CHECK(failures({{usage}, kMinuteMs, {test}}).empty());
}
