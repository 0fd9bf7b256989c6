#include <catch2/catch.hpp>

#include "rule_house.h"

namespace vitals::rules::test {
namespace {

using model::AlertStatus;

std::vector<AlertStatus> statuses(const std::vector<model::Alert>& alerts) {
  std::vector<AlertStatus> found;
  for (const model::Alert& alert : alerts) found.push_back(alert.status);
  return found;
}
using Statuses = std::vector<AlertStatus>;

TEST_CASE("absence fires when events stop, and resolves when one comes") {
  RuleHouse house({absence_rule()});
  house.evaluate(kNow - kHour);
  house.post(kNow, "p", 1, 0);
  CHECK(house.evaluate(kNow + 15 * kMinute - kSecond).empty());
  const auto fired = house.evaluate(kNow + 15 * kMinute);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});
  CHECK(fired[0].value == 900);
  CHECK(fired[0].threshold == 900);
  CHECK(fired[0].metric.empty());
  CHECK(house.evaluate(kNow + 20 * kMinute).empty());
  CHECK(house.evaluator().open().at(0).value == 1'200);

  house.post({{kNow + 2 * kMinute, "late"}}, kNow + 21 * kMinute);
  CHECK(house.evaluate(kNow + 21 * kMinute).empty());
  house.post(kNow + 21 * kMinute, "p", 0, 1);
  CHECK(statuses(house.evaluate(kNow + 21 * kMinute)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("events that never came are absent from the first evaluation on") {
  RuleHouse house({absence_rule()});
  CHECK(house.evaluate(kNow).empty());
  CHECK(house.evaluate(kNow + 14 * kMinute).empty());
  CHECK(statuses(house.evaluate(kNow + 15 * kMinute)) == Statuses{AlertStatus::firing});
  CHECK(house.evaluate(kNow + 16 * kMinute).empty());
  CHECK(house.evaluate(kNow + 17 * kMinute).empty());
  CHECK(house.evaluator().open().at(0).updated_at == kNow + 17 * kMinute);
  house.post(kNow + 18 * kMinute, "p", 1, 0);
  CHECK(statuses(house.evaluate(kNow + 18 * kMinute)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("time that the daemon was down is no absence, but an open absence outlives a restart") {
  RuleHouse house({absence_rule()});
  house.evaluate(kNow - kHour);
  house.post(kNow, "p", 1, 0);
  house.restart(kNow + 3 * kHour);  // down meanwhile
  CHECK(house.evaluate(kNow + 3 * kHour).empty());
  CHECK(house.evaluate(kNow + 3 * kHour + 14 * kMinute).empty());
  const auto fired = house.evaluate(kNow + 3 * kHour + 15 * kMinute);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});

  house.restart(kNow + 4 * kHour);
  CHECK(house.evaluate(kNow + 4 * kHour).empty());
  REQUIRE(house.evaluator().open().size() == 1);
  CHECK(house.evaluator().open()[0].id == fired[0].id);
  house.post(kNow + 4 * kHour, "p", 1, 0);
  CHECK(statuses(house.evaluate(kNow + 4 * kHour)) == Statuses{AlertStatus::resolved});
}

TEST_CASE("a group that fell silent before a restart is still missed after it") {
  Rule rule = absence_rule();
  rule.group_by = {"prompt"};
  RuleHouse house({rule});
  house.evaluate(kNow - kHour);
  house.post(kNow, "a", 1, 0);
  house.post(kNow + 5 * kMinute, "b", 1, 0);
  house.restart(kNow + 20 * kMinute);  // down since minute 5
  CHECK(house.evaluate(kNow + 20 * kMinute).empty());
  house.post(kNow + 21 * kMinute, "b", 1, 0);
  const auto fired = house.evaluate(kNow + 35 * kMinute);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});
  CHECK(fired[0].labels.at("prompt") == "a");
}

TEST_CASE("reloads do not start the clock of absence anew when they hand on the daemon's start") {
  RuleHouse house({absence_rule()});
  house.post(kNow, "p", 1, 0);
  for (DurationMs minute = 5; minute < 15; minute += 5) {
    house.restart(kNow + minute * kMinute);
    house.evaluator().listening_since(kNow);
    CHECK(house.evaluate(kNow + minute * kMinute).empty());
  }
  CHECK(statuses(house.evaluate(kNow + 15 * kMinute)) == Statuses{AlertStatus::firing});
}

TEST_CASE("absence by group goes by each group's last event, and ends when a group is retired") {
  Rule rule = absence_rule();
  rule.group_by = {"prompt"};
  RuleHouse house({rule});
  CHECK(house.evaluate(kNow - kHour).empty());
  house.post(kNow, "a", 1, 0);
  house.post(kNow + 10 * kMinute, "b", 1, 0);
  const auto fired = house.evaluate(kNow + 16 * kMinute);
  REQUIRE(statuses(fired) == Statuses{AlertStatus::firing});
  CHECK(fired[0].labels.at("prompt") == "a");
  CHECK(house.evaluate(kNow + 26 * kMinute).size() == 1);

  house.restart(kNow + 30 * kMinute);
  CHECK(house.evaluate(kNow + 30 * kMinute).empty());
  CHECK(house.evaluator().open().size() == 2);
  CHECK(house.evaluate(kNow + 48 * kHour).empty());
  CHECK(statuses(house.evaluate(kNow + 49 * kHour)) ==
        Statuses{AlertStatus::resolved, AlertStatus::resolved});
  CHECK(house.evaluate(kNow + 50 * kHour).empty());
}

TEST_CASE("absence can be asked of some executions only, and held for a while") {
  Rule rule = absence_rule();
  rule.filters = {*model::parse_filter("prompt:checkout")};
  rule.for_ms = 5 * kMinute;
  RuleHouse house({rule});
  house.evaluate(kNow);
  house.post(kNow + 14 * kMinute, "other", 5, 0);
  CHECK(statuses(house.evaluate(kNow + 15 * kMinute)) == Statuses{AlertStatus::pending});
  CHECK(house.evaluate(kNow + 19 * kMinute).empty());
  CHECK(statuses(house.evaluate(kNow + 20 * kMinute)) == Statuses{AlertStatus::firing});
}

}  // namespace
}  // namespace vitals::rules::test
