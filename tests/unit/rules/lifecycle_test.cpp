#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "rule_house.h"

namespace vitals::rules::test {
namespace {

using model::AlertStatus;

TEST_CASE("an alert is pending, fires after its time, and resolves when the value is back") {
  RuleHouse house({success_rule()});
  house.post(kNow, "good", 10, 0);
  house.post(kNow, "bad", 15, 5);
  auto changed = house.evaluate(kNow);
  REQUIRE(changed.size() == 1);
  const std::string id = changed[0].id;
  CHECK(changed[0].status == AlertStatus::pending);
  CHECK(changed[0].labels == std::map<std::string, std::string>{
                                 {"prompt", "bad"}, {"alert", "A3"}, {"severity", "critical"}});
  CHECK(changed[0].value == 75);
  CHECK(changed[0].threshold == 90);
  CHECK(changed[0].samples == 20);
  CHECK(changed[0].pending_since == kNow);
  CHECK(changed[0].metric == "execution_success_rate");

  CHECK(house.evaluate(kNow + kMinuteMs).empty());
  REQUIRE(house.evaluator().open().size() == 1);
  CHECK(house.evaluator().open()[0].updated_at == kNow + kMinuteMs);
  changed = house.evaluate(kNow + 2 * kMinuteMs);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].id == id);
  CHECK(changed[0].status == AlertStatus::firing);
  CHECK(changed[0].firing_since == kNow + 2 * kMinuteMs);

  house.post(kNow + 3 * kMinuteMs, "bad", 100, 0);
  changed = house.evaluate(kNow + 3 * kMinuteMs);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].id == id);
  CHECK(changed[0].status == AlertStatus::resolved);
  CHECK(changed[0].resolved_at == kNow + 3 * kMinuteMs);
  CHECK(changed[0].value == Approx(100.0 * 115 / 120));
  CHECK(house.evaluator().open().empty());
  CHECK(house.evaluate(kNow + 4 * kMinuteMs).empty());
}

TEST_CASE("a pending alert that goes away never fired, and the next one is another incident") {
  RuleHouse house({success_rule()});
  house.post(kNow, "p", 0, 10);
  const auto pending = house.evaluate(kNow);
  house.post(kNow + kMinuteMs, "p", 1'000, 0);
  const auto gone = house.evaluate(kNow + kMinuteMs);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].status == AlertStatus::resolved);
  CHECK(gone[0].firing_since == 0);

  house.post(kNow + 2 * kMinuteMs, "p", 0, 1'000);
  const auto again = house.evaluate(kNow + 2 * kMinuteMs);
  REQUIRE(again.size() == 1);
  CHECK(again[0].pending_since == kNow + 2 * kMinuteMs);
  CHECK(again[0].id != pending[0].id);
}

TEST_CASE("without enough samples, or without data, a comparison does not hold") {
  RuleHouse house({success_rule()});
  house.post(kNow, "p", 0, 9);
  CHECK(house.evaluate(kNow).empty());
  house.post(kNow, "p", 0, 1);
  CHECK(house.evaluate(kNow).size() == 1);
  CHECK(house.evaluate(kNow + 2 * kMinuteMs).size() == 1);
  const auto silent = house.evaluate(kNow + 6 * kMinuteMs);
  REQUIRE(silent.size() == 1);
  CHECK(silent[0].status == AlertStatus::resolved);
  CHECK_FALSE(silent[0].value.has_value());
}

TEST_CASE("without a time to hold, an alert fires at once, above as well as below") {
  Rule rule = success_rule();
  rule.condition =
      Threshold{"duration_ms", {metrics::Stat::Kind::quantile, 0.95}, Comparison::above, 1'000};
  rule.for_ms = 0;
  rule.min_samples = 1;
  rule.filters = {*model::parse_filter("prompt:slow*")};
  RuleHouse house({rule});
  const auto slow = [](const std::string& prompt, double ms) {
    return FewEvent{kNow, prompt, model::Tri::yes, {{model::Number::duration_ms, ms}}};
  };
  house.post({slow("slow-1", 1'001), slow("slow-2", 1'000), slow("other", 5'000)}, kNow);
  const auto changed = house.evaluate(kNow);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].labels.at("prompt") == "slow-1");
  CHECK(changed[0].status == AlertStatus::firing);
  CHECK(changed[0].pending_since == kNow);
  CHECK(changed[0].firing_since == kNow);
}

TEST_CASE("alerts come in the order of the rules, and of the groups within a rule") {
  Rule second = success_rule();
  second.name = "shorter window";
  second.window_ms = kMinuteMs;
  Rule third = success_rule();
  third.name = "same window";
  threshold_of(third).bound = 50;
  RuleHouse house({third, second, success_rule()});
  house.post(kNow, "b", 0, 10);
  house.post(kNow, "a", 0, 10);
  std::vector<std::string> order;
  for (const auto& alert : house.evaluate(kNow))
    order.push_back(alert.rule + alert.labels.at("prompt"));
  CHECK(order == std::vector<std::string>{"same windowa", "same windowb", "shorter windowa",
                                          "shorter windowb", "successa", "successb"});
}

TEST_CASE("a restart keeps incident, times and status") {
  RuleHouse house({success_rule()});
  house.post(kNow, "p", 0, 20);
  const auto pending = house.evaluate(kNow);
  CHECK(house.evaluate(kNow + kMinuteMs).empty());
  house.restart(kNow + kMinuteMs);
  CHECK(house.evaluate(kNow + kMinuteMs).empty());
  const auto fired = house.evaluate(kNow + 2 * kMinuteMs);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].id == pending[0].id);
  CHECK(fired[0].pending_since == kNow);
  house.restart(kNow + 3 * kMinuteMs);
  CHECK(house.evaluate(kNow + 3 * kMinuteMs).empty());
  REQUIRE(house.evaluator().open().size() == 1);
  CHECK(house.evaluator().open()[0].firing_since == kNow + 2 * kMinuteMs);
}

TEST_CASE("alerts of a rule that is gone, or groups otherwise now, resolve") {
  Rule regrouped = success_rule();
  regrouped.group_by = {"model"};
  for (const auto& rules : {std::vector<Rule>{}, std::vector<Rule>{regrouped}}) {
    RuleHouse house({success_rule()});
    house.post(kNow, "p", 0, 20);
    house.evaluate(kNow);
    const auto fired = house.evaluate(kNow + 2 * kMinuteMs);
    house.restart(kNow + 3 * kMinuteMs, rules);
    auto changed = house.evaluate(kNow + 3 * kMinuteMs);
    REQUIRE_FALSE(changed.empty());
    CHECK(changed.back().id == fired[0].id);
    CHECK(changed.back().status == AlertStatus::resolved);
    CHECK(changed.back().resolved_at == kNow + 3 * kMinuteMs);
    CHECK(changed.back().firing_since == kNow + 2 * kMinuteMs);
  }
}

TEST_CASE("a changed threshold or label does not end an incident") {
  RuleHouse house({success_rule()});
  house.post(kNow, "p", 0, 20);
  const auto pending = house.evaluate(kNow);
  Rule changed = success_rule();
  threshold_of(changed).bound = 95;
  changed.labels = {{"team", "search"}};
  house.restart(kNow, {changed});
  const auto fired = house.evaluate(kNow + 2 * kMinuteMs);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].id == pending[0].id);
  CHECK(fired[0].threshold == 95);
}

TEST_CASE("a host clock that is set back delays an alert, but does not lose it") {
  RuleHouse house({success_rule()});
  house.post(kNow, "p", 0, 20);
  house.evaluate(kNow);
  const TimeMs back = kNow - 24 * kHourMs;
  house.post(back, "p", 0, 20);
  CHECK(house.evaluate(back).empty());
  house.post(back + 2 * kMinuteMs, "p", 0, 20);
  const auto fired = house.evaluate(back + 2 * kMinuteMs);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].status == AlertStatus::firing);
}

}  // namespace
}  // namespace vitals::rules::test
