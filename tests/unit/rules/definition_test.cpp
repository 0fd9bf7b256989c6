#include <functional>
#include <limits>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "rule_house.h"

namespace vitals::rules::test {
namespace {

std::string refusal_after(const std::function<void(Rule&)>& change, Rule rule = success_rule()) {
  change(rule);
  return refusal({rule});
}

TEST_CASE("rules that make no sense are refused by name, place, field and reason") {
  const std::string where = "mission.yaml:3: rule 'success': ";
  CHECK(refusal({success_rule(), absence_rule()}).empty());
  CHECK(refusal({success_rule(), success_rule()}) == where + "name: is there twice");
  CHECK(refusal_after([](Rule& r) { threshold_of(r).metric = "sucess"; }) ==
        where + "metric: unknown metric 'sucess'");
  CHECK(refusal_after([](Rule& r) { threshold_of(r).metric = ""; }) ==
        where + "metric: unknown metric ''");
  CHECK(refusal_after([](Rule& r) { threshold_of(r).stat.kind = metrics::Stat::Kind::max; }) ==
        where + "stat: 'execution_success_rate' is defined without one");
  CHECK(refusal_after([](Rule& r) {
          threshold_of(r).bound = std::numeric_limits<double>::quiet_NaN();
        }) == where + "threshold: must be a finite number");
  CHECK(refusal_after([](Rule& r) { r.window_ms = 999; }) ==
        where + "window: must be from 1s to 31d");
  CHECK(refusal_after([](Rule& r) { r.for_ms = -1; }) == where + "for: must not be negative");
  CHECK(refusal_after([](Rule& r) { r.group_by = {"promt"}; }) ==
        where + "group_by: cannot group by 'promt'");
  CHECK(refusal_after([](Rule& r) { r.group_by = {"id"}; }) ==
        where + "group_by: cannot group by 'id'");
  CHECK(refusal_after([](Rule& r) {
          r.group_by = {"model", "model"};
        }) == where + "group_by: 'model' is there twice");
  CHECK(refusal_after([](Rule& r) { r.labels["prompt"] = "x"; }) ==
        where + "labels: 'prompt' is set by group_by");
  CHECK(refusal_after([](Rule& r) { r.labels["severity"] = "x"; }) ==
        where + "labels: 'severity' has its own key");
  CHECK(refusal_after([](Rule& r) { r.condition = Absence{48 * kHourMs}; }, absence_rule()) ==
        "rule 'silence': absent: must be from 1s to less than 2d");
  CHECK(refusal_after([](Rule& r) { r.condition = Absence{-1}; }, absence_rule()) ==
        "rule 'silence': absent: must be from 1s to less than 2d");
}

TEST_CASE("placeholders that nothing can fill are refused") {
  const auto with = [](const std::string& text) {
    return refusal_after([&text](Rule& rule) { rule.annotations["summary"] = text; });
  };
  CHECK(with("{{ value }} of {{labels.prompt}} {{labels.alert}} {{labels.severity}} }}").empty());
  CHECK(with("{{value") ==
        "mission.yaml:3: rule 'success': annotations.summary: '{{' without '}}'");
  for (const char* unknown :
       {"{{vlaue}}", "{{labels.model}}", "{{labels.}}", "{{}}", "{{labels}}"}) {
    CHECK_THAT(with(unknown),
               Catch::Contains("unknown placeholder '" + std::string(unknown) + "'"));
  }
}

TEST_CASE("annotations say the values in a reader's form, in the end not the good ones") {
  Rule rule = success_rule();
  rule.for_ms = 0;
  rule.group_by = {"prompt", "model"};
  rule.annotations["all"] =
      "{{labels.prompt}}/{{labels.model}} {{labels.alert}}: {{metric}} {{value}} {{unit}} < "
      "{{threshold}} over {{window}} ({{samples}}), {{severity}}, {{rule}}, {{since}}";
  RuleHouse house({rule});
  house.post(kNow, "p", 200, 100);
  auto changed = house.evaluate(kNow);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].annotations.at("all") ==
        "p/(none) A3: execution_success_rate 66.67 percent < 90 over 5m (300), critical, success, "
        "2026-09-21T14:13:20.000Z");
  house.post(kNow, "p", 300, 0);
  house.evaluate(kNow);
  CHECK(house.evaluator().open().at(0).value == Approx(83.33).epsilon(1e-3));
  CHECK_THAT(house.evaluator().open()[0].annotations.at("all"), Catch::Contains("83.33 percent"));
  SECTION("after a restart") { house.restart(kNow); }
  SECTION("without one") {}
  changed = house.evaluate(kNow + kHourMs);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].status == model::AlertStatus::resolved);
  CHECK_FALSE(changed[0].value.has_value());
  CHECK_THAT(changed[0].annotations.at("all"), Catch::Contains(" percent < 90 over 5m (300)"));
}

TEST_CASE("a rule that says no summary has one: what it watches, and of which group") {
  Rule rate = success_rule();
  rate.for_ms = 0;
  rate.group_by = {"prompt", "model"};
  Rule quiet = absence_rule();
  quiet.group_by = {"prompt"};
  Rule budget = success_rule();
  budget.name = "budget";
  budget.condition = BurnRate{99, {{kHourMs, kMinuteMs, 1}}};
  budget.group_by = {};
  budget.for_ms = 0;
  Rule both;
  both.name = "both";
  both.condition = Composite{true, {"success", "budget"}};
  Rule down;
  down.name = "down";
  down.condition = Unhealthy{{"disk"}};
  Rule said = success_rule();
  said.name = "said";
  said.for_ms = 0;
  said.annotations["summary"] = "so it is";
  RuleHouse house({rate, quiet, budget, both, down, said});
  house.post(kNow, "p", 200, 100);
  house.evaluator().health({{"disk", "3 % free"}});
  house.evaluate(kNow);
  house.evaluate(kNow + 15 * kMinuteMs);
  std::map<std::string, std::string> summaries;
  for (const model::Alert& alert : house.evaluator().open()) {
    summaries[alert.rule] = alert.annotations.at("summary");
  }
  CHECK(summaries["silence"] == "silence: nothing for 900 seconds (prompt p)");
  CHECK(summaries["down"] == "down: 3 % free (component disk)");

  RuleHouse at_once({rate, budget, both, said});
  at_once.post(kNow, "p", 200, 100);
  for (const model::Alert& alert : at_once.evaluate(kNow)) {
    summaries[alert.rule] = alert.annotations.at("summary");
  }
  CHECK(summaries["success"] ==
        "success: execution_success_rate is 66.67 percent (prompt p, model (none))");
  CHECK(summaries["budget"] == "budget: 33.33 times the budget");
  CHECK(summaries["both"] == "both: 2 rules (prompt p, model (none))");
  CHECK(summaries["said"] == "so it is");
}

}  // namespace
}  // namespace vitals::rules::test
