#include <optional>
#include <span>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/events/log_view.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;

TEST_CASE("days whose cells are to be made anew are read raw") {
  const TimeMs day = kNow - 2 * kDayMs;
  Stand::Options options;
  std::string day_source = "raw";
  double left = 24;  // of the day's 48 executions
  SECTION("as they are kept") {}
  SECTION("but not where raw events do not cover them") {
    options.raw_retention_ms = 36 * kHourMs;
    day_source = "1d";
    left = 48;
  }
  Stand stand(options);
  std::vector<Event> events;
  for (int hour = 0; hour < 72; ++hour) {
    for (const std::string prompt : {"a", "b"}) {
      events.emplace_back();
      events.back().id = prompt + std::to_string(hour);
      events.back().time_ms = kNow - 3 * kDayMs + hour * kHourMs;
      events.back().prompt = prompt;
    }
  }
  stand.append(events);
  stand.fold();
  REQUIRE(stand.rollups->make_days().ok());
  using series::Resolution;
  const auto is_told = [&](double whole, double of_day) {
    for (const auto resolution :
         {std::optional<Resolution>(), std::optional(Resolution::minute),
          std::optional(Resolution::hour), std::optional(Resolution::day)}) {
      CAPTURE(resolution.has_value());
      query::MetricRequest request = ask("executions", kNow - 3 * kDayMs, kNow);
      request.resolution = resolution;
      CHECK(stand.metric(request).groups[0].value == whole);
      request = ask("executions", day, day + kDayMs);
      request.resolution = resolution;
      CHECK(stand.metric(request).groups[0].value == of_day);
    }
  };
  const auto source_of = [&stand](TimeMs from, TimeMs to) {
    return stand.metric(ask("executions", from, to)).resolution;
  };
  is_told(144, 48);
  CHECK(source_of(day, day + kDayMs) == "1d");

  store::WriteBatch changes;
  const auto erased =
      stand.log->erase(filters({"prompt:a"}), day, day + kDayMs, 0, stand.log->end(), changes);
  REQUIRE(erased.ok());
  REQUIRE(erased->rows == 24);
  stand.rollups->mark_dirty(changes, day, day + kDayMs - 1);
  REQUIRE(stand.store->commit(changes, store::Sync::yes).ok());
  is_told(96 + left, left);
  CHECK(source_of(day, day + kDayMs) == day_source);
  CHECK(source_of(kNow - 3 * kDayMs, kNow) == "1d");  // the other days
  if (left < 48) {
    query::MetricRequest raw = ask("executions", kNow - 3 * kDayMs, kNow);
    raw.raw_only = true;
    CHECK(stand.metric(raw).groups[0].value == 96 + left);
  }

  const TimeMs raw_since = stand.log->kept_since(kNow);
  const auto source = [&stand](TimeMs from, TimeMs to, std::uint64_t before, const auto& visit) {
    events::ScanRequest scan;
    scan.from_ms = from;
    scan.to_ms = to;
    scan.end = before;
    scan.columns = series::columns_of_cells();
    return events::LogView(*stand.log, stand.store->snapshot())
        .visit(scan, [&](const events::Block& block, std::span<const std::uint32_t> rows) {
          return visit(block.rows, rows);
        });
  };
  REQUIRE(stand.rollups->rebuild_dirty(raw_since, source).ok());
  is_told(96 + left, left);
  CHECK(source_of(day, day + kDayMs) == "1d");
}
