#include "query/plan.h"

#include <limits>
#include <random>

#include <catch2/catch.hpp>

using namespace vitals;
using namespace vitals::query;
using series::Resolution;

namespace {

constexpr TimeMs kAlways = std::numeric_limits<TimeMs>::min();
constexpr DurationMs kMinute = 60'000;
constexpr DurationMs kHour = 3'600'000;
constexpr DurationMs kDay = 86'400'000;

/// Everything is kept for ever and can answer.
PlanRequest everything(TimeMs from, TimeMs to, DurationMs step = 0) {
  return {from, to, step, {kAlways, kAlways, kAlways}, kAlways};
}

}  // namespace

TEST_CASE("a range is cut into whole days, hours and minutes with raw edges") {
  const TimeMs from = 10 * kDay + 22 * kHour + 58 * kMinute + 500;
  const TimeMs to = 13 * kDay + 1 * kHour + 2 * kMinute + 1;
  const auto plan = make_plan(everything(from, to));
  REQUIRE(plan.ok());
  const std::vector<Segment> expected{
      {from, 10 * kDay + 22 * kHour + 59 * kMinute, std::nullopt},
      {10 * kDay + 22 * kHour + 59 * kMinute, 10 * kDay + 23 * kHour, Resolution::minute},
      {10 * kDay + 23 * kHour, 11 * kDay, Resolution::hour},
      {11 * kDay, 13 * kDay, Resolution::day},
      {13 * kDay, 13 * kDay + kHour, Resolution::hour},
      {13 * kDay + kHour, 13 * kDay + kHour + 2 * kMinute, Resolution::minute},
      {13 * kDay + kHour + 2 * kMinute, to, std::nullopt}};
  CHECK(plan->segments == expected);
  CHECK(plan->coarsest() == Resolution::day);
}

TEST_CASE("a range without a whole cell is raw") {
  const auto plan = make_plan(everything(5, kMinute + 5));
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{5, kMinute + 5, std::nullopt}});
  CHECK(plan->raw_only());
}

TEST_CASE("times before 1970 are cut at the same boundaries") {
  const auto plan = make_plan(everything(-kHour - 1, kHour));
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{-kHour - 1, -kHour, std::nullopt},
                                               {-kHour, kHour, Resolution::hour}});
}

TEST_CASE("a step allows only cells that fit into its points") {
  const auto source = [](DurationMs step) {
    return make_plan(everything(0, 30 * kDay, step))->coarsest();
  };
  CHECK(source(7 * kDay) == Resolution::day);
  CHECK(source(6 * kHour) == Resolution::hour);
  CHECK(source(90 * kMinute) == Resolution::minute);
  CHECK(source(30'000) == std::nullopt);
  CHECK(source(90'000) == std::nullopt);
}

TEST_CASE("a resolution that cannot answer is left to finer ones") {
  PlanRequest request = everything(0, 2 * kDay);
  request.cells_since = {kAlways, std::nullopt, std::nullopt};
  auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{0, 2 * kDay, Resolution::minute}});

  request.cells_since = {};
  plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->raw_only());
}

TEST_CASE("edges older than fine sources are cut by less than a cell") {
  PlanRequest request = everything(10 * kHour + 1, 30 * kDay + 30 * kMinute);
  request.raw_since = 40 * kDay;
  request.cells_since = {40 * kDay, kAlways, kAlways};
  const auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->from_ms() == 11 * kHour);
  CHECK(plan->to_ms() == 30 * kDay);

  SECTION("days alone cut to days") {
    request.cells_since = {std::nullopt, std::nullopt, kAlways};
    const auto days = make_plan(request);
    REQUIRE(days.ok());
    CHECK(days->segments == std::vector<Segment>{{kDay, 30 * kDay, Resolution::day}});
  }
}

TEST_CASE("older events come from coarser cells, newer ones from finer") {
  PlanRequest request = everything(kDay, 30 * kDay + 7, kHour);
  request.cells_since = {10 * kDay + 5, 0, std::nullopt};
  request.raw_since = 20 * kDay;
  const auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{kDay, 30 * kDay, Resolution::hour},
                                               {30 * kDay, 30 * kDay + 7, std::nullopt}});
}

TEST_CASE("coarse cells that are dropped before fine ones leave the older part to these") {
  PlanRequest request = everything(0, 10 * kDay);
  request.cells_since = {std::nullopt, kAlways, 5 * kDay + 1};
  const auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{0, 6 * kDay, Resolution::hour},
                                               {6 * kDay, 10 * kDay, Resolution::day}});
}

TEST_CASE("what only raw events can answer is refused beyond raw retention") {
  PlanRequest request = everything(kDay, 9 * kDay);
  request.cells_since = {};
  request.raw_since = 3 * kDay;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().code == Errc::unprocessable);
  CHECK(plan.error().message.find("1970-01-04T00:00:00.000Z") != std::string::npos);

  SECTION("also when all of the range is") {
    request.to_ms = 2 * kDay;
    const auto none = make_plan(request);
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().message.find("1970-01-04T00:00:00.000Z") != std::string::npos);
  }
  SECTION("but not when the clock went on for a moment") {
    request.from_ms = 3 * kDay - 20;
    const auto cut = make_plan(request);
    REQUIRE(cut.ok());
    CHECK(cut->from_ms() == 3 * kDay);
  }
}

TEST_CASE("a range older than the kept cells is refused and names their start") {
  PlanRequest request = everything(kDay, 9 * kDay);
  request.cells_since = {6 * kDay, 2 * kDay + 1, std::nullopt};
  request.raw_since = 7 * kDay;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().message.find("1970-01-03T01:00:00.000Z") != std::string::npos);
}

TEST_CASE("an old range without a whole cell is refused") {
  PlanRequest request = everything(10 * kMinute, 20 * kMinute);
  request.cells_since = {std::nullopt, kAlways, kAlways};
  request.raw_since = kDay;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().code == Errc::unprocessable);
  CHECK(plan.error().message.find("longer range") != std::string::npos);
}

TEST_CASE("a hole inside the range is refused") {
  PlanRequest request = everything(0, 5 * kDay + 20 * kHour);
  request.cells_since = {std::nullopt, std::nullopt, kAlways};
  request.raw_since = 5 * kDay + 14 * kHour;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().message.find("1970-01-06T14:00:00.000Z") != std::string::npos);
}

TEST_CASE("part of a segment can be made raw") {
  Plan plan{{{0, 4 * kHour, Resolution::hour}, {4 * kHour, 5 * kHour, std::nullopt}}};
  plan.make_raw(0, kHour, 2 * kHour);
  CHECK(plan.segments == std::vector<Segment>{{0, kHour, Resolution::hour},
                                              {kHour, 2 * kHour, std::nullopt},
                                              {2 * kHour, 4 * kHour, Resolution::hour},
                                              {4 * kHour, 5 * kHour, std::nullopt}});
  plan.make_raw(2, 2 * kHour, 4 * kHour);
  CHECK(plan.segments.size() == 4);
  CHECK_FALSE(plan.segments[2].source.has_value());
}

TEST_CASE("a time can be made raw, whatever it is read from") {
  Plan plan{{{0, kHour, std::nullopt},
             {kHour, kDay, Resolution::hour},
             {kDay, 3 * kDay, Resolution::day},
             {3 * kDay, 3 * kDay + kHour, Resolution::hour}}};
  plan.make_raw(-kDay, 2 * kDay);
  plan.make_raw(5 * kDay, 6 * kDay);
  CHECK(plan.segments == std::vector<Segment>{{0, kHour, std::nullopt},
                                              {kHour, kDay, std::nullopt},
                                              {kDay, 2 * kDay, std::nullopt},
                                              {2 * kDay, 3 * kDay, Resolution::day},
                                              {3 * kDay, 3 * kDay + kHour, Resolution::hour}});
}

TEST_CASE("plans cover the range without overlap, and cells lie within points") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto below = [&](DurationMs n) {
    return static_cast<TimeMs>(random() * 4'294'967'296ULL + random()) % n;
  };
  const auto positive = [&](DurationMs n) { return 1 + (below(n) + n) % n; };
  for (int i = 0; i < 3000; ++i) {
    const TimeMs from = below(50 * kDay);
    const DurationMs steps[] = {0, 1, 30'000, kMinute, 7 * kMinute, kHour, kDay};
    PlanRequest request = everything(from, from + positive(9 * kDay), steps[random() % 7]);
    for (auto& since : request.cells_since) {
      if (random() % 3 == 0) since.reset();
    }
    const auto plan = make_plan(request);
    REQUIRE(plan.ok());
    TimeMs at = request.from_ms;
    for (const Segment& segment : plan->segments) {
      REQUIRE(segment.from_ms == at);
      REQUIRE(segment.to_ms > at);
      at = segment.to_ms;
      if (!segment.source) continue;
      const DurationMs length = series::length_ms(*segment.source);
      REQUIRE(segment.from_ms % length == 0);
      REQUIRE(segment.to_ms % length == 0);
      REQUIRE(request.step_ms % length == 0);
    }
    REQUIRE(at == request.to_ms);
  }
}
