#include "house.h"

using namespace vitals;
using namespace vitals::series;
using namespace vitals::series::test;

namespace {

Event at(TimeMs time) {
  Event event;
  event.time = time;
  return event;
}

/// Partial cells that a reader of the day gets.
int partial_cells(const House& house, TimeMs day) {
  int cells = 0;
  REQUIRE(house.view().visit(Resolution::day, day, day + kDayMs, {}, {},
                             [&](SeriesId, TimeMs bucket, const metrics::Cell&) {
                               REQUIRE(bucket == day);
                               ++cells;
                             }));
  return cells;
}

}  // namespace

TEST_CASE("a day is read from its hours until it has gone quiet, and again after a late event") {
  House house;
  house.clock.set(kDay + 3 * kDayMs);
  house.fold({at(kDay), at(kDay + kHourMs), at(kDay + 5 * kHourMs)});
  house.compact();
  REQUIRE(partial_cells(house, kDay) == 3);
  house.require_agrees();

  house.clock.advance(kMinuteMs);
  house.compact();
  REQUIRE(partial_cells(house, kDay) == 1);
  house.open();
  REQUIRE(partial_cells(house, kDay) == 1);
  house.require_agrees();

  house.fold({at(kDay + 7)});
  house.require_agrees();
  house.open();
  REQUIRE(partial_cells(house, kDay) > 1);
  house.require_agrees();
  house.clock.advance(kMinuteMs);
  house.compact();
  REQUIRE(partial_cells(house, kDay) == 1);
  house.require_agrees();
}

TEST_CASE("the present day waits for a longer pause than days that are over") {
  House house;
  house.clock.set(kDay + 3 * kDayMs);
  const TimeMs today = kDay + 3 * kDayMs;
  house.fold({at(kDay), at(kDay + kHourMs), at(today), at(today + kHourMs)});
  house.clock.advance(kMinuteMs);
  house.compact();
  REQUIRE(partial_cells(house, kDay) == 1);
  REQUIRE(partial_cells(house, today) == 2);
  house.clock.advance(10 * kMinuteMs);
  house.compact();
  REQUIRE(partial_cells(house, today) == 1);
}

TEST_CASE("hours outlive their retention until the day is made from them") {
  House house("memory", [] {
    Options options;
    options.retention_ms = {2 * kHourMs, 3 * kDayMs, INT64_MAX};
    return options;
  }());
  house.clock.set(kDay);
  house.fold({at(kDay - kHourMs), at(kDay - 3 * kHourMs)});
  house.clock.advance(30 * kDayMs);  // during which nobody maintained anything
  house.open();
  REQUIRE(house.rollups->expire());
  REQUIRE(partial_cells(house, kDay - kDayMs) == 2);
  house.compact();
  REQUIRE(house.rollups->expire());
  REQUIRE(partial_cells(house, kDay - kDayMs) == 1);
  REQUIRE(house.rollups->stats().chunks == 1);
  house.require_agrees(Resolution::day);
}

TEST_CASE("late events of days whose hours are gone, or soon will be, go to day cells at once") {
  House house("memory", [] {
    Options options;
    options.retention_ms = {2 * kHourMs, 3 * kDayMs, INT64_MAX};
    return options;
  }());
  house.clock.set(kDay);
  for (int i = 0; i < 2; ++i) {
    house.fold({at(kDay - 9 * kDayMs), at(kDay - 3 * kDayMs + kHourMs)});
    REQUIRE(partial_cells(house, kDay - 9 * kDayMs) == i + 1);
    REQUIRE(partial_cells(house, kDay - 3 * kDayMs) == i + 1);
    house.require_agrees(Resolution::day);
  }
  house.clock.advance(kDayMs);
  house.compact();
  REQUIRE(partial_cells(house, kDay - 9 * kDayMs) == 1);
  house.require_agrees(Resolution::day);
}

TEST_CASE("an open day keeps its late events although hours are kept for less since") {
  House house;
  house.clock.set(kDay);
  house.fold({at(kDay - 5 * kDayMs)});
  house.options.retention_ms = {2 * kHourMs, 3 * kDayMs, INT64_MAX};
  house.open();
  house.fold({at(kDay - 5 * kDayMs), at(kDay - 5 * kDayMs + kHourMs)});
  REQUIRE(partial_cells(house, kDay - 5 * kDayMs) == 3);
  house.require_agrees(Resolution::day);
  house.compact();
  REQUIRE(partial_cells(house, kDay - 5 * kDayMs) == 1);
  house.require_agrees(Resolution::day);
}
