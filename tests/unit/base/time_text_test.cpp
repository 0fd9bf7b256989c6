#include <catch2/catch.hpp>

#include <vitals/base/time_text.h>

using namespace vitals;

TEST_CASE("durations read and print back") {
  CHECK(*parse_duration("250ms") == 250);
  CHECK(*parse_duration("30s") == 30'000);
  CHECK(*parse_duration("5m") == 300'000);
  CHECK(*parse_duration("7d") == 604'800'000);
  CHECK(*parse_duration("2w") == 1'209'600'000);
  CHECK(format_duration(300'000) == "5m");
  CHECK(format_duration(90'000) == "90s");
  CHECK(format_duration(172'800'000) == "2d");
}

TEST_CASE("what is no duration is refused by name") {
  const std::string bad =
      GENERATE("", "5", "m", "-5m", "0s", "5 m", "1.5h", "9999999999999d", "5x");
  const auto result = parse_duration(bad);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == Errc::invalid_argument);
  CHECK(result.error().message.find("'" + bad + "'") == 0);
}

TEST_CASE("RFC 3339 times read to the millisecond") {
  CHECK(*parse_rfc3339("1970-01-01T00:00:00Z") == 0);
  CHECK(*parse_rfc3339("2023-11-16T18:15:46.6805900Z") == 1'700'158'546'680);
  CHECK(*parse_rfc3339("2024-02-29T12:00:00+01:30") == 1'709'202'600'000);
  CHECK(*parse_rfc3339("2016-12-31T23:59:60Z") == 1'483'228'799'999);
  CHECK(*parse_rfc3339("1969-12-31T23:59:59.999Z") == -1);
}

TEST_CASE("times print as they are read") {
  const TimeMs time = GENERATE(0LL, -1LL, 1'700'158'546'680LL, 1'709'202'600'000LL,
                               -2'208'988'800'000LL, 4'102'444'799'999LL);
  CHECK(*parse_rfc3339(format_rfc3339(time)) == time);
}

TEST_CASE("what is no time is refused") {
  const std::string bad =
      GENERATE("2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-01-01", "2023-01-01T24:00:00Z",
               "2023-01-01T00:00:00", "2023-01-01T00:00:00.Z", "2023-01-01T00:00:00Zjunk", "");
  CHECK_FALSE(parse_rfc3339(bad).ok());
}

TEST_CASE("query times are relative to now") {
  CHECK(*parse_time("now", 5'000'000) == 5'000'000);
  CHECK(*parse_time("now-1h", 5'000'000) == 1'400'000);
  CHECK(*parse_time("1700000000000", 0) == 1'700'000'000'000);
  CHECK_FALSE(parse_time("now-", 0).ok());
  CHECK_FALSE(parse_time("yesterday", 0).ok());
}
