#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "rule_house.h"

namespace vitals::rules::test {
namespace {

using model::Alert;
using model::AlertStatus;

/// Success rate of each prompt below 90 % over 5 minutes; fires at once.
Rule quick_rule() {
  Rule rule = success_rule();
  rule.for_ms = 0;
  return rule;
}

Rule named(std::string name, Condition condition) {
  Rule rule;
  rule.name = std::move(name);
  rule.condition = std::move(condition);
  return rule;
}

TEST_CASE("with a clear level of its own an alert resolves only at or beyond it") {
  Rule rule = quick_rule();
  threshold_of(rule).clear = 95;
  RuleHouse house({rule});
  house.post(kNow, "p", 80, 20);
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::firing});
  house.post(kNow, "p", 180, 0);
  CHECK(house.evaluate(kNow).empty());  // 92.9 %: not bad, not well
  CHECK(house.evaluator().open().at(0).value == Approx(92.857).epsilon(1e-3));
  house.post(kNow, "p", 120, 0);
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::resolved});
  house.post(kNow, "p", 0, 10);
  CHECK(house.evaluate(kNow).empty());  // 92.7 % again: begins nothing
}

TEST_CASE("a bound with confidence waits until chance cannot explain the value") {
  Rule rule = quick_rule();
  threshold_of(rule).confidence = 95;
  rule.min_samples = 1;
  RuleHouse house({rule});
  house.post(kNow, "p", 16, 4);  // Wilson: 58.4 to 91.9 %
  CHECK(house.evaluate(kNow).empty());
  house.post(kNow, "p", 64, 16);  // 71.1 to 86.7 %
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::firing});
  house.post(kNow, "p", 60, 0);  // 87.5 %, 81.5 to 91.8 %: no proof any more, but not well
  CHECK(house.evaluate(kNow).empty());
  house.post(kNow, "p", 60, 0);
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("an alert does not resolve because its samples become few, but when they are well") {
  RuleHouse house({quick_rule()});
  house.post(kNow - 4 * kMinuteMs, "p", 0, 10);
  house.post(kNow, "p", 0, 3);
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::firing});
  CHECK(house.evaluate(kNow + 2 * kMinuteMs).empty());
  CHECK(house.evaluator().open().at(0).samples == 3);
  TimeMs later = kNow + 2 * kMinuteMs;
  SECTION("a good value, of few samples too") { house.post(later, "p", 5'000, 0); }
  SECTION("an empty window") { later = kNow + 6 * kMinuteMs; }
  CHECK(statuses(house.evaluate(later)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("keep_firing_for wants it well without a break") {
  Rule rule = quick_rule();
  rule.window_ms = kMinuteMs;
  rule.keep_firing_ms = 3 * kMinuteMs;
  RuleHouse house({rule});
  const auto minute = [&](int n, int errors) {
    house.post(kNow + n * kMinuteMs, "p", 20, errors);
    return statuses(house.evaluate(kNow + n * kMinuteMs));
  };
  CHECK(minute(0, 20) == Statuses{AlertStatus::firing});
  CHECK(minute(1, 0).empty());
  CHECK(minute(3, 20).empty());
  CHECK(minute(4, 0).empty());
  CHECK(minute(6, 0).empty());
  CHECK(minute(7, 0) == Statuses{AlertStatus::resolved});
}

TEST_CASE("outside its schedule a rule begins nothing, but goes on with what fires") {
  Rule rule = quick_rule();
  rule.for_ms = 2 * kMinuteMs;
  model::Schedule schedule;
  schedule.from_minute = 14 * 60;  // kNow is 14:13:20 UTC
  schedule.to_minute = 14 * 60 + 20;
  rule.schedule = schedule;
  RuleHouse house({rule});
  const TimeMs night = kNow - kHourMs;
  house.post(night, "p", 0, 20);
  CHECK(house.evaluate(night).empty());
  house.post(kNow, "p", 0, 20);
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::pending});
  CHECK(statuses(house.evaluate(kNow + 2 * kMinuteMs)) == Statuses{AlertStatus::firing});
  house.post(kNow + 5 * kMinuteMs, "p", 0, 20);
  house.post(kNow + 6 * kMinuteMs, "q", 0, 20);
  CHECK(statuses(house.evaluate(kNow + 6 * kMinuteMs)) == Statuses{AlertStatus::pending});
  house.post(kNow + 7 * kMinuteMs, "p", 0, 20);
  house.post(kNow + 7 * kMinuteMs, "q", 0, 20);
  const auto changed = house.evaluate(kNow + 7 * kMinuteMs);  // 14:20:20
  REQUIRE(statuses(changed) == Statuses{AlertStatus::resolved});
  CHECK(changed[0].labels.at("prompt") == "q");
  CHECK(changed[0].firing_since == 0);
  CHECK(house.evaluator().open().size() == 1);
}

TEST_CASE("time that the daemon was down does not count as held") {
  RuleHouse house({success_rule()});
  house.post(kNow, "p", 0, 20);
  house.evaluate(kNow);
  house.evaluate(kNow + kMinuteMs);
  const TimeMs back = kNow + 3 * kMinuteMs;
  house.restart(back);
  const auto moved = house.evaluate(back);
  REQUIRE(statuses(moved) == Statuses{AlertStatus::pending});
  CHECK(moved[0].pending_since == kNow + 2 * kMinuteMs);  // one of three minutes had counted
  CHECK(house.evaluate(back + kMinuteMs - kSecondMs).empty());
  CHECK(statuses(house.evaluate(back + kMinuteMs)) == Statuses{AlertStatus::firing});
}

TEST_CASE("a window that is empty since an outage resolves nothing until it has been watched") {
  RuleHouse house({quick_rule()});
  house.post(kNow, "p", 0, 20);
  CHECK(house.evaluate(kNow).size() == 1);
  const TimeMs back = kNow + kHourMs;
  house.restart(back);
  CHECK(house.evaluate(back).empty());
  CHECK(house.evaluate(back + 4 * kMinuteMs).empty());
  CHECK(statuses(house.evaluate(back + 5 * kMinuteMs)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("an alert carries its response time and its action") {
  Rule rule = quick_rule();
  rule.response_ms = 10 * kMinuteMs;
  rule.action = "roll-back";
  RuleHouse house({rule});
  house.post(kNow, "p", 0, 20);
  const auto fired = house.evaluate(kNow);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].response_ms == 10 * kMinuteMs);
  REQUIRE(fired[0].action);
  CHECK(fired[0].action->name == "roll-back");
  CHECK(fired[0].action->state == model::AlertAction::State::proposed);
}

TEST_CASE("a budget burns when both windows of a pair say so") {
  Rule rule =
      named("budget", BurnRate{99, {{kHourMs, 5 * kMinuteMs, 14.4}, {6 * kHourMs, kHourMs, 6}}});
  rule.group_by = {"prompt"};
  rule.annotations["text"] = "{{value}} {{unit}} over {{long}} and {{short}}, {{objective}} %";
  RuleHouse house({rule});
  const auto at = [&](TimeMs now, int successes, int errors) {
    house.post(now, "p", successes, errors);
    return house.evaluate(now);
  };
  CHECK(at(kNow, 80, 20).size() == 1);  // 20 % errors of 1 % allowed, over every window
  const auto open = house.evaluator().open();
  CHECK(open.at(0).status == AlertStatus::firing);
  CHECK(open[0].value == Approx(20));
  CHECK(open[0].threshold == 6);  // exceeded by most
  CHECK(open[0].annotations.at("text") == "20 times the budget over 6h and 1h, 99 %");
  CHECK(at(kNow + 30 * kMinuteMs, 100, 0).empty());  // the short window of an hour still burns
  // After an hour the short windows are clean, and it is over, whatever the six hours say.
  const auto over = at(kNow + 61 * kMinuteMs, 100, 0);
  CHECK(statuses(over) == Statuses{AlertStatus::resolved});
  CHECK(at(kNow + 62 * kMinuteMs, 90, 10).empty());  // long 6 %, short 5 %: slow enough
}

TEST_CASE("rules of rules join the groups that their rules have in common") {
  Rule slow = named("slow", Threshold{"duration_ms", {}, Comparison::above, 1'000});
  slow.group_by = {"prompt", "model"};
  Rule total = quick_rule();
  total.name = "total";
  total.group_by = {};
  const Rule both = named("both", Composite{true, {"success", "slow"}});
  const Rule any = named("any", Composite{false, {"both", "total"}});
  RuleHouse house({any, both, quick_rule(), slow, total});
  house.post(kNow, "p", 0, 20);
  house.post(kNow, "q", 0, 20);
  const auto slow_one = FewEvent{kNow, "p", model::Tri::no, {{model::Number::duration_ms, 2'000}}};
  house.post({slow_one}, kNow);
  std::vector<std::string> told;
  for (const Alert& alert : house.evaluate(kNow)) {
    const auto prompt = alert.labels.find("prompt");
    told.push_back(alert.rule + (prompt == alert.labels.end() ? "" : " " + prompt->second));
  }
  CHECK(told == std::vector<std::string>{"any p", "any", "both p", "success p", "success q",
                                         "slow p", "total"});
  house.post(kNow, "p", 1'000, 0);
  CHECK(house.evaluator().open().size() == 7);
  std::vector<std::string> over;
  for (const Alert& alert : house.evaluate(kNow)) {
    CHECK(alert.status == AlertStatus::resolved);
    over.push_back(alert.rule);
  }
  CHECK(over == std::vector<std::string>{"any", "any", "both", "success", "total"});
}

TEST_CASE("rules of rules that do not exist, or of themselves, are refused") {
  const Rule a = named("a", Composite{true, {"b"}});
  const Rule b = named("b", Composite{false, {"c"}});
  const Rule c = named("c", Composite{true, {"a"}});
  CHECK(refusal({a}) == "rule 'a': all_of: there is no rule 'b'");
  CHECK(refusal({a, b, c}) == "rule 'a': all_of: is composed of itself: a > b > c > a");
  Rule grouped = named("g", Composite{true, {"success"}});
  grouped.group_by = {"model"};
  CHECK(refusal({grouped, success_rule()}) ==
        "rule 'g': group_by: none of the rules it is composed of has all these groups");
  CHECK(refusal({named("e", Composite{true, {}})}) == "rule 'e': all_of: names no rule");
}

TEST_CASE("a component that is not well has an alert that says why") {
  Rule rule = named("down", Unhealthy{{"store", "disk"}});
  rule.annotations["summary"] = "{{labels.component}}: {{why}}";
  RuleHouse house({rule});
  CHECK(house.evaluate(kNow).empty());
  house.evaluator().health({{"disk", "3 % free"}, {"clock", "went back"}});
  const auto fired = house.evaluate(kNow);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});
  CHECK(fired[0].labels.at("component") == "disk");
  CHECK(fired[0].annotations.at("summary") == "disk: 3 % free");
  house.restart(kNow);
  CHECK(house.evaluate(kNow).empty());  // nobody has said anything yet
  CHECK(house.evaluator().open().at(0).annotations.at("summary") == "disk: 3 % free");
  house.evaluator().health({});
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("a storm of alerts takes several evaluations, and loses none") {
  RuleHouse house({quick_rule()});
  house.evaluator().changes_at_most(2);
  for (const char* prompt : {"a", "b", "c", "d", "e"}) house.post(kNow, prompt, 0, 20);
  CHECK(house.evaluate(kNow).size() == 2);
  CHECK(house.evaluator().has_more());
  CHECK(house.evaluate(kNow + kSecondMs).size() == 2);
  CHECK(house.evaluate(kNow + 2 * kSecondMs).size() == 1);
  CHECK_FALSE(house.evaluator().has_more());
  CHECK(house.evaluate(kNow + 3 * kSecondMs).empty());
  CHECK(house.evaluator().live_values().size() == 5);
  const TimeMs over = kNow + 6 * kMinuteMs;
  CHECK(statuses(house.evaluate(over)) == Statuses(2, AlertStatus::resolved));
  CHECK(statuses(house.evaluate(over + kSecondMs)) == Statuses(2, AlertStatus::resolved));
  CHECK(statuses(house.evaluate(over + 2 * kSecondMs)) == Statuses(1, AlertStatus::resolved));
  CHECK(house.evaluator().open().empty());
}

TEST_CASE("rules on history are judged by the last answer") {
  Rule rule = named("usage", Deviation{"executions"});
  rule.every_ms = 5 * kMinuteMs;
  rule.for_ms = kMinuteMs;
  RuleHouse house({success_rule(), rule});
  Evaluator& evaluator = house.evaluator();
  const auto answer = [](bool holds) {
    return std::vector<GroupReading>{
        {{}, {holds, !holds, 70, 100, "usual limit", 9, {{"change", "-30 %"}}}}};
  };
  using Due = std::vector<std::size_t>;
  CHECK(evaluator.due_history(kNow) == Due{1});
  CHECK(evaluator.due_history(kNow + kHourMs).empty());  // it is under way
  CHECK(house.evaluate(kNow).empty());
  evaluator.take_history(1, answer(true));
  CHECK(statuses(house.evaluate(kNow)) == Statuses{AlertStatus::pending});
  CHECK(statuses(house.evaluate(kNow + kMinuteMs)) == Statuses{AlertStatus::firing});
  CHECK(evaluator.due_history(kNow + 4 * kMinuteMs).empty());
  CHECK(evaluator.due_history(kNow + 5 * kMinuteMs) == Due{1});
  evaluator.take_history(1, Error{Errc::unavailable, "busy"});
  CHECK(house.evaluate(kNow + 6 * kMinuteMs).empty());
  CHECK(evaluator.due_history(kNow + 10 * kMinuteMs) == Due{1});
  evaluator.take_history(1, answer(false));
  CHECK(statuses(house.evaluate(kNow + 10 * kMinuteMs)) == Statuses{AlertStatus::resolved});
}

}  // namespace
}  // namespace vitals::rules::test
