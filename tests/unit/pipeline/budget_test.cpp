// The disk budget: what goes, in which order, and what never does.
#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/events/log_view.h>
#include <vitals/store/rocks.h>

#include "house.h"
#include "support/event_stream.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

/// Events of each of the last ten days, a block each, folded as they come.
void fill_ten_days(House& house) {
  house.clock.set(house.now() - house.now() % kDayMs);
  for (int day = 0; day < 10; ++day) {
    auto batch = executions("p", 500 * day, 500, house.now());
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      batch.time_ms[row] += static_cast<TimeMs>(row) * 60'000;
    }
    house.clock.advance(500 * 60'000);
    house.post(std::move(batch));
    REQUIRE(house.maintenance->complete_cells());
    house.clock.advance(kDayMs - 500 * 60'000);
  }
}

Options budget(std::uint64_t bytes) {
  Options options;
  options.disk_budget_bytes = bytes;
  return options;
}

std::uint64_t held(const House& house) {
  return house.log->stats().bytes + house.rollups->stats().bytes;
}

/// Bytes of events and cells, and executions that are counted.
struct Left {
  std::uint64_t held, events, minutes, hours, days;
};

/// What is left of ten days under a budget.
Left left_under(std::uint64_t bytes) {
  House house(budget(bytes));
  fill_ten_days(house);
  for (int turn = 0; turn < 50; ++turn) {
    house.clock.advance(10'000);
    house.maintenance->step();
  }
  return {held(house), house.log->stats().events, house.in_cells(series::Resolution::minute),
          house.in_cells(series::Resolution::hour), house.in_cells(series::Resolution::day)};
}

}  // namespace

TEST_CASE("without a budget, or below it, nothing goes") {
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1} << 40}) {
    const Left left = left_under(bytes);
    CHECK(left.events == 5'000);
    CHECK(left.minutes == 5'000);
  }
}

TEST_CASE("raw events go first, then minutes, then hours; days stay") {
  const Left all = left_under(0);
  const Left some_raw = left_under(all.held * 98 / 100);
  CHECK(some_raw.held <= all.held * 98 / 100);
  CHECK(some_raw.events < 5'000);
  CHECK(some_raw.events >= 500);
  CHECK(some_raw.minutes == 5'000);
  CHECK(some_raw.hours == 5'000);

  const Left few = left_under(1);
  CHECK(few.events <= 1'000);  // those that arrived within the dedup age
  CHECK(few.events >= 500);
  CHECK(few.minutes < 2'000);
  CHECK(few.hours < 2'000);
  CHECK(few.days == 5'000);
}

TEST_CASE("what went for the budget is known to be gone, and what is left is whole") {
  House house(budget(1));
  fill_ten_days(house);
  house.clock.advance(10'000);
  house.maintenance->step();
  const TimeMs kept_since = house.log->kept_since(house.now());
  CHECK(kept_since > house.now() - 3 * kDayMs);
  events::ScanRequest request;
  std::uint64_t newer = 0;
  request.from_ms = kept_since;
  REQUIRE(events::LogView(*house.log, house.store.snapshot())
              .visit(request, [&](const events::Block&, const auto& rows) {
                newer += rows.size();
                return Status();
              }));
  CHECK(newer == house.log->stats().events);
  house.restart();
  CHECK(house.log->kept_since(house.now()) == kept_since);
}

TEST_CASE("old events that have just come keep nothing else from going") {
  House house(budget(1));
  fill_ten_days(house);
  house.post(executions("late", 0, 100, house.now() - 25 * kDayMs));
  REQUIRE(house.maintenance->fold_all());
  house.clock.advance(10'000);
  house.maintenance->step();
  CHECK(house.log->stats().events >= 600);  // they, and the last day's
  CHECK(house.log->stats().events <= 1'100);
}

TEST_CASE("what is not folded yet does not go") {
  Options options = budget(1);
  options.fold_events = 1'000'000;
  options.fold_every_ms = 100 * kDayMs;
  House house(options);
  house.maintenance->step();
  house.post(executions("p", 0, 100, house.now()));
  house.clock.advance(5 * kDayMs);
  house.maintenance->step();
  CHECK(house.rollups->watermark() == 0);
  CHECK(house.log->stats().events == 100);
}

TEST_CASE("on disk, too, the store stays within the budget, and what is left can be asked for") {
  vitals::test::TempFolder folder;
  constexpr std::uint64_t kBudget = 4ULL << 20;
  constexpr std::uint64_t kFile = 512ULL << 10;
  House house(budget(kBudget));
  house.stop();
  auto opened = store::open_rocks({folder.file("store"), kFile, kFile}, quiet_logger());
  REQUIRE(opened);
  house.store.replace(*std::move(opened));
  house.start();
  house.clock.set(house.now() - house.now() % kDayMs);
  constexpr int kDays = 12;
  for (int day = 0; day < kDays; ++day) {
    vitals::test::EventStream stream(static_cast<std::uint64_t>(day), house.now(), 2'000);
    auto batch = stream.next(20'000);
    batch.ids = {};
    for (int row = 0; row < 20'000; ++row) {
      batch.ids.push_back(std::to_string(day) + '-' + std::to_string(row));
    }
    house.clock.advance(kDayMs);
    house.post(std::move(batch));
    while (house.maintenance->step() == 0) continue;
  }
  for (int look = 0; look < 20; ++look) {
    house.clock.advance(10'000);
    house.maintenance->step();
  }
  CHECK(held(house) <= kBudget);
  CHECK(held(house) >= kBudget * 3 / 4);  // no more went than had to
  REQUIRE(house.maintenance->complete_cells());
  CHECK(house.in_cells(series::Resolution::day) == kDays * 20'000);
  house.restart();
  CHECK(house.in_cells(series::Resolution::day) == kDays * 20'000);
}

TEST_CASE("budget and use are exposed") {
  House house(budget(1 << 20));
  house.maintenance->step();
  std::string text;
  house.telemetry->write_prometheus(text);
  CHECK_THAT(text, Catch::Contains("\nvitals_disk_budget_bytes 1048576\n"));
  CHECK_THAT(text, Catch::Contains("\nvitals_held_bytes "));
  CHECK_THAT(text, Catch::Contains("\nvitals_shed_bytes_total 0\n"));
}
