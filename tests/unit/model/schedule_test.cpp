#include <catch2/catch.hpp>

#include <vitals/base/time_text.h>
#include <vitals/model/schedule.h>

namespace vitals::model {
namespace {

TimeMs at(const char* text) { return *parse_rfc3339(text); }

Schedule office() {
  Schedule schedule;
  schedule.days = *parse_days({"mon-fri"});
  schedule.from_minute = 8 * 60;
  schedule.to_minute = 18 * 60;
  schedule.time_zone = *TimeZone::named("Europe/Berlin");
  return schedule;
}

TEST_CASE("business hours are those of the place, in summer and in winter") {
  const Schedule schedule = office();
  CHECK(schedule.to_string() == "mon-fri 08:00-18:00 Europe/Berlin");
  CHECK_FALSE(schedule.contains(at("2026-01-14T06:59:59Z")));  // a Wednesday
  CHECK(schedule.contains(at("2026-01-14T07:00:00Z")));
  CHECK(schedule.contains(at("2026-01-14T16:59:59Z")));
  CHECK_FALSE(schedule.contains(at("2026-01-14T17:00:00Z")));
  CHECK(schedule.contains(at("2026-07-15T06:00:00Z")));
  CHECK_FALSE(schedule.contains(at("2026-07-15T05:59:59Z")));
  CHECK_FALSE(schedule.contains(at("2026-01-17T10:00:00Z")));  // a Saturday
  // Clocks go forward on Sunday, 2026-03-29; the Monday after is on summer time.
  CHECK(schedule.contains(at("2026-03-27T07:00:00Z")));
  CHECK_FALSE(schedule.contains(at("2026-03-27T06:30:00Z")));
  CHECK(schedule.contains(at("2026-03-30T06:30:00Z")));
}

TEST_CASE("a night belongs to the day on which it begins") {
  Schedule night;
  night.days = *parse_days({"fri"});
  night.from_minute = 22 * 60;
  night.to_minute = 6 * 60;
  CHECK(night.contains(at("2026-01-16T22:00:00Z")));
  CHECK(night.contains(at("2026-01-17T05:59:00Z")));
  CHECK_FALSE(night.contains(at("2026-01-17T06:00:00Z")));
  CHECK_FALSE(night.contains(at("2026-01-17T22:00:00Z")));
  CHECK_FALSE(night.contains(at("2026-01-16T05:00:00Z")));
}

TEST_CASE("days and times are read, or refused with what was expected") {
  CHECK(parse_days({"sat-mon"})->to_string() == "1100001");
  CHECK(parse_days({"tue", "thu"})->to_string() == "0001010");
  for (const char* bad : {"", "monday", "mon-", "-fri", "mon-fri-sat"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_days({bad}));
  }
  CHECK_FALSE(parse_days({}));
  CHECK(*parse_time_of_day("00:00") == 0);
  CHECK(*parse_time_of_day("24:00") == 24 * 60);
  for (const char* bad : {"", "8:00", "08.00", "08:60", "24:01", "0800", "08:000"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time_of_day(bad));
  }
  CHECK_FALSE(TimeZone::named("Europe/Bonn"));
  CHECK_FALSE(TimeZone::named(""));
  CHECK(TimeZone::named("UTC"));
}

}  // namespace
}  // namespace vitals::model
