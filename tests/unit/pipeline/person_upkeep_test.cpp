// What becomes of people's keys and personal fields as time goes by.
#include <catch2/catch.hpp>

#include "house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

constexpr DurationMs kHourMs = 3'600'000;
constexpr DurationMs kDayMs = 24 * kHourMs;

/// Lets so many hours go by, each with a turn of maintenance.
void hours(House& house, int count) {
  for (int i = 0; i < count; ++i) {
    house.clock.advance(kHourMs);
    while (house.maintenance->step() == 0) continue;
  }
}

std::size_t kept_keys(const House& house) { return house.pseudonyms.users("ann").size() - 1; }

events::Options raw_for(DurationMs retention_ms) {
  events::Options options;
  options.raw_retention_ms = retention_ms;
  return options;
}

}  // namespace

TEST_CASE("a retired key stays while an event may be stored under it") {
  House house({}, raw_for(5 * kDayMs));
  house.post(executions("p", 0, 10, house.now()));
  REQUIRE(house.pseudonyms.rotate(house.now()));
  house.post(executions("p", 10, 10, house.now() + 9 * 60'000));  // of a clock that is ahead
  hours(house, 5 * 24);
  house.post(executions("p", 20, 10, house.now()));
  CHECK(kept_keys(house) == 1);
  hours(house, 2);  // which takes the old blocks
  REQUIRE(house.log->stats().events == 10);
  CHECK(kept_keys(house) == 0);
}

TEST_CASE("a retired key stays as long as its events do, and as a request may be under way") {
  SECTION("for ever") {
    House house({}, raw_for(events::kForever));
    house.post(executions("p", 0, 1, house.now()));
    REQUIRE(house.pseudonyms.rotate(house.now()));
    hours(house, 60 * 24);
    CHECK(kept_keys(house) == 1);
  }
  SECTION("a day, for interactions that wait for their execution") {
    House house;
    REQUIRE(house.pseudonyms.rotate(house.now()));
    hours(house, 25);
    CHECK(kept_keys(house) == 1);
    hours(house, 1);
    CHECK(kept_keys(house) == 0);
  }
}

TEST_CASE("a key is rotated when its time is up") {
  Options options;
  options.rotate_key_every_ms = 7 * kDayMs;
  House house(options);
  REQUIRE(house.pseudonyms.rotate(house.now()));
  const std::string first = house.pseudonyms.user("ann");
  hours(house, 7 * 24 - 1);
  CHECK(house.pseudonyms.user("ann") == first);
  hours(house, 1);
  CHECK(house.pseudonyms.user("ann") != first);
  CHECK(house.pseudonyms.users("ann").count(first) == 1);
  CHECK(house.pseudonyms.key_since() == house.now());
}
