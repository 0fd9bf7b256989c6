#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "rule_house.h"

namespace vitals::rules::test {
namespace {

using model::AlertStatus;

TEST_CASE("absence fires when events stop, and resolves when one comes") {
  RuleHouse house({absence_rule()});
  house.evaluate(kNow - kHourMs);
  house.post(kNow, "p", 1, 0);
  CHECK(house.evaluate(kNow + 15 * kMinuteMs - kSecondMs).empty());
  const auto fired = house.evaluate(kNow + 15 * kMinuteMs);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});
  CHECK(fired[0].value == 900);
  CHECK(fired[0].threshold == 900);
  CHECK(fired[0].metric.empty());
  CHECK(house.evaluate(kNow + 20 * kMinuteMs).empty());
  CHECK(house.evaluator().open().at(0).value == 1'200);

  house.post({{kNow + 2 * kMinuteMs, "late"}}, kNow + 21 * kMinuteMs);
  CHECK(house.evaluate(kNow + 21 * kMinuteMs).empty());
  house.post(kNow + 21 * kMinuteMs, "p", 0, 1);
  CHECK(statuses(house.evaluate(kNow + 21 * kMinuteMs)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("events that never came are absent from the first evaluation on") {
  RuleHouse house({absence_rule()});
  CHECK(house.evaluate(kNow).empty());
  CHECK(house.evaluate(kNow + 14 * kMinuteMs).empty());
  CHECK(statuses(house.evaluate(kNow + 15 * kMinuteMs)) == Statuses{AlertStatus::firing});
  CHECK(house.evaluate(kNow + 16 * kMinuteMs).empty());
  CHECK(house.evaluate(kNow + 17 * kMinuteMs).empty());
  CHECK(house.evaluator().open().at(0).updated_at == kNow + 17 * kMinuteMs);
  house.post(kNow + 18 * kMinuteMs, "p", 1, 0);
  CHECK(statuses(house.evaluate(kNow + 18 * kMinuteMs)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("time that the daemon was down is no absence, but an open absence outlives a restart") {
  RuleHouse house({absence_rule()});
  house.evaluate(kNow - kHourMs);
  house.post(kNow, "p", 1, 0);
  house.restart(kNow + 3 * kHourMs);  // down meanwhile
  CHECK(house.evaluate(kNow + 3 * kHourMs).empty());
  CHECK(house.evaluate(kNow + 3 * kHourMs + 14 * kMinuteMs).empty());
  const auto fired = house.evaluate(kNow + 3 * kHourMs + 15 * kMinuteMs);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});

  house.restart(kNow + 4 * kHourMs);
  CHECK(house.evaluate(kNow + 4 * kHourMs).empty());
  REQUIRE(house.evaluator().open().size() == 1);
  CHECK(house.evaluator().open()[0].id == fired[0].id);
  house.post(kNow + 4 * kHourMs, "p", 1, 0);
  CHECK(statuses(house.evaluate(kNow + 4 * kHourMs)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("a group that fell silent before a restart is still missed after it") {
  Rule rule = absence_rule();
  rule.group_by = {"prompt"};
  RuleHouse house({rule});
  house.evaluate(kNow - kHourMs);
  house.post(kNow, "a", 1, 0);
  house.post(kNow + 5 * kMinuteMs, "b", 1, 0);
  house.restart(kNow + 20 * kMinuteMs);  // down since minute 5
  CHECK(house.evaluate(kNow + 20 * kMinuteMs).empty());
  house.post(kNow + 21 * kMinuteMs, "b", 1, 0);
  const auto fired = house.evaluate(kNow + 35 * kMinuteMs);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});
  CHECK(fired[0].labels.at("prompt") == "a");
}

TEST_CASE("reloads do not start the clock of absence anew when they hand on the daemon's start") {
  RuleHouse house({absence_rule()});
  house.post(kNow, "p", 1, 0);
  for (DurationMs minute = 5; minute < 15; minute += 5) {
    house.restart(kNow + minute * kMinuteMs);
    house.evaluator().listening_since(kNow);
    CHECK(house.evaluate(kNow + minute * kMinuteMs).empty());
  }
  CHECK(statuses(house.evaluate(kNow + 15 * kMinuteMs)) == Statuses{AlertStatus::firing});
}

TEST_CASE("absence by group goes by each group's last event, and ends when a group is retired") {
  Rule rule = absence_rule();
  rule.group_by = {"prompt"};
  RuleHouse house({rule});
  CHECK(house.evaluate(kNow - kHourMs).empty());
  house.post(kNow, "a", 1, 0);
  house.post(kNow + 10 * kMinuteMs, "b", 1, 0);
  const auto fired = house.evaluate(kNow + 16 * kMinuteMs);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});
  CHECK(fired[0].labels.at("prompt") == "a");
  CHECK(house.evaluate(kNow + 26 * kMinuteMs).size() == 1);

  house.restart(kNow + 30 * kMinuteMs);
  CHECK(house.evaluate(kNow + 30 * kMinuteMs).empty());
  CHECK(house.evaluator().open().size() == 2);
  CHECK(house.evaluate(kNow + 48 * kHourMs).empty());
  CHECK(statuses(house.evaluate(kNow + 49 * kHourMs)) ==
        Statuses{AlertStatus::resolved, AlertStatus::resolved});
  CHECK(house.evaluate(kNow + 50 * kHourMs).empty());
}

TEST_CASE("absence can be asked of some executions only, and held for a while") {
  Rule rule = absence_rule();
  rule.filters = {*model::parse_filter("prompt:checkout")};
  rule.for_ms = 5 * kMinuteMs;
  RuleHouse house({rule});
  house.evaluate(kNow);
  house.post(kNow + 14 * kMinuteMs, "other", 5, 0);
  CHECK(statuses(house.evaluate(kNow + 15 * kMinuteMs)) == Statuses{AlertStatus::pending});
  CHECK(house.evaluate(kNow + 19 * kMinuteMs).empty());
  CHECK(statuses(house.evaluate(kNow + 20 * kMinuteMs)) == Statuses{AlertStatus::firing});
}

}  // namespace
}  // namespace vitals::rules::test
