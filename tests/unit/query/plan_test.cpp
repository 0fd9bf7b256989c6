#include "query/plan.h"

#include <limits>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

using namespace vitals;
using namespace vitals::query;
using series::Resolution;

namespace {

constexpr TimeMs kAlways = std::numeric_limits<TimeMs>::min();

/// Everything is kept for ever and can answer.
PlanRequest everything(TimeMs from, TimeMs to, DurationMs step = 0) {
  return {from, to, step, {kAlways, kAlways, kAlways}, kAlways};
}

}  // namespace

TEST_CASE("a range is cut into whole days, hours and minutes with raw edges") {
  const TimeMs from = 10 * kDayMs + 22 * kHourMs + 58 * kMinuteMs + 500;
  const TimeMs to = 13 * kDayMs + 1 * kHourMs + 2 * kMinuteMs + 1;
  const auto plan = make_plan(everything(from, to));
  REQUIRE(plan.ok());
  const std::vector<Segment> expected{
      {from, 10 * kDayMs + 22 * kHourMs + 59 * kMinuteMs, std::nullopt},
      {10 * kDayMs + 22 * kHourMs + 59 * kMinuteMs, 10 * kDayMs + 23 * kHourMs, Resolution::minute},
      {10 * kDayMs + 23 * kHourMs, 11 * kDayMs, Resolution::hour},
      {11 * kDayMs, 13 * kDayMs, Resolution::day},
      {13 * kDayMs, 13 * kDayMs + kHourMs, Resolution::hour},
      {13 * kDayMs + kHourMs, 13 * kDayMs + kHourMs + 2 * kMinuteMs, Resolution::minute},
      {13 * kDayMs + kHourMs + 2 * kMinuteMs, to, std::nullopt}};
  CHECK(plan->segments == expected);
  CHECK(plan->coarsest() == Resolution::day);
}

TEST_CASE("a range without a whole cell is raw") {
  const auto plan = make_plan(everything(5, kMinuteMs + 5));
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{5, kMinuteMs + 5, std::nullopt}});
  CHECK(plan->raw_only());
}

TEST_CASE("times before 1970 are cut at the same boundaries") {
  const auto plan = make_plan(everything(-kHourMs - 1, kHourMs));
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{-kHourMs - 1, -kHourMs, std::nullopt},
                                               {-kHourMs, kHourMs, Resolution::hour}});
}

TEST_CASE("a step allows only cells that fit into its points") {
  const auto source = [](DurationMs step) {
    return make_plan(everything(0, 30 * kDayMs, step))->coarsest();
  };
  CHECK(source(7 * kDayMs) == Resolution::day);
  CHECK(source(6 * kHourMs) == Resolution::hour);
  CHECK(source(90 * kMinuteMs) == Resolution::minute);
  CHECK(source(30'000) == std::nullopt);
  CHECK(source(90'000) == std::nullopt);
}

TEST_CASE("a resolution that cannot answer is left to finer ones") {
  PlanRequest request = everything(0, 2 * kDayMs);
  request.cells_since = {kAlways, std::nullopt, std::nullopt};
  auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{0, 2 * kDayMs, Resolution::minute}});

  request.cells_since = {};
  plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->raw_only());
}

TEST_CASE("edges older than fine sources are cut by less than a cell") {
  PlanRequest request = everything(10 * kHourMs + 1, 30 * kDayMs + 30 * kMinuteMs);
  request.raw_since = 40 * kDayMs;
  request.cells_since = {40 * kDayMs, kAlways, kAlways};
  const auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->from_ms() == 11 * kHourMs);
  CHECK(plan->to_ms() == 30 * kDayMs);

  SECTION("days alone cut to days") {
    request.cells_since = {std::nullopt, std::nullopt, kAlways};
    const auto days = make_plan(request);
    REQUIRE(days.ok());
    CHECK(days->segments == std::vector<Segment>{{kDayMs, 30 * kDayMs, Resolution::day}});
  }
}

TEST_CASE("older events come from coarser cells, newer ones from finer") {
  PlanRequest request = everything(kDayMs, 30 * kDayMs + 7, kHourMs);
  request.cells_since = {10 * kDayMs + 5, 0, std::nullopt};
  request.raw_since = 20 * kDayMs;
  const auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{kDayMs, 30 * kDayMs, Resolution::hour},
                                               {30 * kDayMs, 30 * kDayMs + 7, std::nullopt}});
}

TEST_CASE("coarse cells that are dropped before fine ones leave the older part to these") {
  PlanRequest request = everything(0, 10 * kDayMs);
  request.cells_since = {std::nullopt, kAlways, 5 * kDayMs + 1};
  const auto plan = make_plan(request);
  REQUIRE(plan.ok());
  CHECK(plan->segments == std::vector<Segment>{{0, 6 * kDayMs, Resolution::hour},
                                               {6 * kDayMs, 10 * kDayMs, Resolution::day}});
}

TEST_CASE("what only raw events can answer is refused beyond raw retention") {
  PlanRequest request = everything(kDayMs, 9 * kDayMs);
  request.cells_since = {};
  request.raw_since = 3 * kDayMs;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().code == Errc::unprocessable);
  CHECK(plan.error().message.find("1970-01-04T00:00:00.000Z") != std::string::npos);

  SECTION("also when all of the range is") {
    request.to_ms = 2 * kDayMs;
    const auto none = make_plan(request);
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().message.find("1970-01-04T00:00:00.000Z") != std::string::npos);
  }
  SECTION("but not when the clock went on for a moment") {
    request.from_ms = 3 * kDayMs - 20;
    const auto cut = make_plan(request);
    REQUIRE(cut.ok());
    CHECK(cut->from_ms() == 3 * kDayMs);
  }
}

TEST_CASE("a range older than the kept cells is refused and names their start") {
  PlanRequest request = everything(kDayMs, 9 * kDayMs);
  request.cells_since = {6 * kDayMs, 2 * kDayMs + 1, std::nullopt};
  request.raw_since = 7 * kDayMs;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().message.find("1970-01-03T01:00:00.000Z") != std::string::npos);
}

TEST_CASE("an old range without a whole cell is refused") {
  PlanRequest request = everything(10 * kMinuteMs, 20 * kMinuteMs);
  request.cells_since = {std::nullopt, kAlways, kAlways};
  request.raw_since = kDayMs;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().code == Errc::unprocessable);
  CHECK(plan.error().message.find("longer range") != std::string::npos);
}

TEST_CASE("a hole inside the range is refused") {
  PlanRequest request = everything(0, 5 * kDayMs + 20 * kHourMs);
  request.cells_since = {std::nullopt, std::nullopt, kAlways};
  request.raw_since = 5 * kDayMs + 14 * kHourMs;
  const auto plan = make_plan(request);
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().message.find("1970-01-06T14:00:00.000Z") != std::string::npos);
}

TEST_CASE("part of a segment can be made raw") {
  Plan plan{{{0, 4 * kHourMs, Resolution::hour}, {4 * kHourMs, 5 * kHourMs, std::nullopt}}};
  plan.make_raw(0, kHourMs, 2 * kHourMs);
  CHECK(plan.segments == std::vector<Segment>{{0, kHourMs, Resolution::hour},
                                              {kHourMs, 2 * kHourMs, std::nullopt},
                                              {2 * kHourMs, 4 * kHourMs, Resolution::hour},
                                              {4 * kHourMs, 5 * kHourMs, std::nullopt}});
  plan.make_raw(2, 2 * kHourMs, 4 * kHourMs);
  CHECK(plan.segments.size() == 4);
  CHECK_FALSE(plan.segments[2].source.has_value());
}

TEST_CASE("a time can be made raw, whatever it is read from") {
  Plan plan{{{0, kHourMs, std::nullopt},
             {kHourMs, kDayMs, Resolution::hour},
             {kDayMs, 3 * kDayMs, Resolution::day},
             {3 * kDayMs, 3 * kDayMs + kHourMs, Resolution::hour}}};
  plan.make_raw(-kDayMs, 2 * kDayMs);
  plan.make_raw(5 * kDayMs, 6 * kDayMs);
  CHECK(plan.segments ==
        std::vector<Segment>{{0, kHourMs, std::nullopt},
                             {kHourMs, kDayMs, std::nullopt},
                             {kDayMs, 2 * kDayMs, std::nullopt},
                             {2 * kDayMs, 3 * kDayMs, Resolution::day},
                             {3 * kDayMs, 3 * kDayMs + kHourMs, Resolution::hour}});
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
    const TimeMs from = below(50 * kDayMs);
    const DurationMs steps[] = {0, 1, 30'000, kMinuteMs, 7 * kMinuteMs, kHourMs, kDayMs};
    PlanRequest request = everything(from, from + positive(9 * kDayMs), steps[random() % 7]);
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
