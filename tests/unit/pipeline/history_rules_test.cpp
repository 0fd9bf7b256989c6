#include <utility>

#include <catch2/catch.hpp>

#include "house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

using Answer = Result<std::vector<rules::GroupReading>>;

rules::Rule usage_rule(const std::string& name) {
  rules::Rule rule;
  rule.name = name;
  rules::Deviation deviation;
  deviation.metric = "executions";
  rule.condition = deviation;
  rule.every_ms = 60'000;
  return rule;
}

/// A reading of the only group.
Answer reading(bool holds) {
  rules::GroupReading one;
  one.reading.holds = holds;
  one.reading.clears = !holds;
  one.reading.words = {{"baseline", "100"}, {"change", "-60 %"}};
  return std::vector{one};
}

/// Whoever reads history takes questions and answers when the test wants it to.
struct ReadingHouse : House {
  explicit ReadingHouse(std::size_t rule_count = 1) {
    read_history = [this](const rules::Rule& rule, SpineParts::TellHistory done) {
      if (busy) return false;
      asked.emplace_back(rule.name, std::move(done));
      return true;
    };
    for (std::size_t i = 0; i < rule_count; ++i) rules.push_back(usage_rule(std::to_string(i)));
    restart(rules);
  }

  void answer(Answer with) {
    REQUIRE_FALSE(asked.empty());
    const auto question = std::move(asked.front());
    asked.erase(asked.begin());
    question.second(std::move(with));
    turn();
  }
  std::size_t open_count() const { return open_alerts().size(); }

  std::vector<rules::Rule> rules;
  std::vector<std::pair<std::string, SpineParts::TellHistory>> asked;
  bool busy = false;
};

}  // namespace

TEST_CASE("an answer from history makes an alert, and ends it") {
  ReadingHouse house;
  house.turn();
  REQUIRE(house.asked.size() == 1);
  CHECK(house.open_count() == 0);
  house.answer(reading(true));
  REQUIRE(house.open_count() == 1);
  house.clock.advance(60'000);
  house.turn();
  house.answer(reading(false));
  CHECK(house.open_count() == 0);
  CHECK(house.told() == std::vector<std::string>{"firing", "resolved"});
}

TEST_CASE("history is asked for when it is due, and not again before it has answered") {
  ReadingHouse house;
  house.turn();
  house.clock.advance(300'000);
  house.turn();
  CHECK(house.asked.size() == 1);
  house.answer(reading(true));
  CHECK(house.asked.size() == 1);  // long due again
}

TEST_CASE("one question at a time leaves query threads to people") {
  ReadingHouse house(5);
  house.turn();
  CHECK(house.asked.size() == 1);
  for (int i = 0; i < 5; ++i) house.answer(reading(true));
  CHECK(house.asked.empty());
  CHECK(house.open_count() == 5);
}

TEST_CASE("an answer to rules that are gone is dropped") {
  ReadingHouse house;
  house.turn();
  REQUIRE(house.spine->load_rules({usage_rule("other")}));
  house.answer(reading(true));
  CHECK(house.open_count() == 0);
  REQUIRE(house.asked.size() == 1);
  CHECK(house.asked.front().first == "other");
}

TEST_CASE("an alert stays when history cannot be read, over a reload, and over a restart") {
  ReadingHouse house;
  house.turn();
  house.answer(reading(true));
  house.clock.advance(60'000);
  house.turn();
  SECTION("because of an error") { house.answer(Error{Errc::deadline_exceeded, "took too long"}); }
  SECTION("because there is no room for the question") {
    house.busy = true;
    house.clock.advance(600'000);
    house.turn();
  }
  SECTION("while rules are loaded anew") {
    REQUIRE(house.spine->load_rules(house.rules));
    house.turn();
  }
  SECTION("after a restart") {
    house.asked.clear();
    house.restart(house.rules);
    house.turn();
  }
  CHECK(house.open_count() == 1);
  CHECK(house.told() == std::vector<std::string>{"firing"});
}

TEST_CASE("where nobody reads history such rules say nothing") {
  House house;
  house.restart({usage_rule("a")});
  house.turn();
  CHECK(house.open_alerts().empty());
}
