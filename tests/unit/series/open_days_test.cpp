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

Options hours_for_three_days() {
  Options options;
  options.retention_ms = {2 * kHourMs, 3 * kDayMs, INT64_MAX};
  return options;
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

/// Executions that a reader of the day gets.
std::uint64_t executions(const CellView& view, TimeMs day) {
  std::uint64_t executions = 0;
  const Status seen = view.visit(
      Resolution::day, day, day + kDayMs, {}, {},
      [&](SeriesId, TimeMs, const metrics::Cell& cell) { executions += cell.counts.executions; });
  if (!seen) FAIL(seen.error().message);
  return executions;
}

void damage_first_hours(const House& house) {
  const auto cells = house.store->table("cells");
  REQUIRE(cells);
  const std::string hours(1, static_cast<char>(Resolution::hour));
  const auto cursor = house.store->snapshot()->scan(*cells, hours, {});
  store::WriteBatch changes;
  changes.put(*cells, cursor->key(), "not a chunk");
  REQUIRE(house.store->commit(changes, store::Sync::yes));
}

/// A snapshot under which files of chunks were dropped, as a store may do (Store::drop).
class DroppedUnder final : public store::Snapshot {
 public:
  explicit DroppedUnder(std::shared_ptr<const store::Snapshot> whole) : whole_(std::move(whole)) {}
  Result<std::optional<std::string>> get(store::Table table, std::string_view key) const override {
    // Keys of chunks and of nothing else are so long and are not listed but looked up.
    if (key.size() == kChunkKeyBytes) return std::optional<std::string>();
    return whole_->get(table, key);
  }
  std::unique_ptr<store::Cursor> scan(store::Table table, std::string_view begin,
                                      std::string_view end,
                                      store::Direction direction) const override {
    return whole_->scan(table, begin, end, direction);
  }

 private:
  static constexpr std::size_t kChunkKeyBytes = 1 + 8 + 8 + 4;
  std::shared_ptr<const store::Snapshot> whole_;
};

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
  House house("memory", hours_for_three_days());
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
  House house("memory", hours_for_three_days());
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
  house.options.retention_ms = hours_for_three_days().retention_ms;
  house.open();
  house.fold({at(kDay - 5 * kDayMs), at(kDay - 5 * kDayMs + kHourMs)});
  REQUIRE(partial_cells(house, kDay - 5 * kDayMs) == 3);
  house.require_agrees(Resolution::day);
  house.compact();
  REQUIRE(partial_cells(house, kDay - 5 * kDayMs) == 1);
  house.require_agrees(Resolution::day);
}

TEST_CASE("late events that never pause do not keep a day that is over open for ever") {
  House house;
  house.clock.set(kDay + 3 * kDayMs);
  for (int second = 0; second < 4000; second += 5) {
    house.fold({at(kDay + second)});
    house.compact();
    house.clock.advance(5000);
  }
  REQUIRE(partial_cells(house, kDay) < 200);  // made an hour after the first event came
  house.require_agrees();
}

TEST_CASE("a day whose hours are damaged keeps the cells it had until the log heals it") {
  House house;
  house.clock.set(kDay + 3 * kDayMs);
  house.fold({at(kDay), at(kDay + 1)});
  house.clock.advance(kDayMs);
  house.compact();
  house.fold({at(kDay + 2)});
  damage_first_hours(house);
  house.clock.advance(kDayMs);
  house.compact();
  REQUIRE(executions(house.view(), kDay) == 2);
  house.fold({at(kDay + 3)});
  REQUIRE(executions(house.view(), kDay) == 3);
  house.open();
  REQUIRE(house.rollups->rebuild_dirty(INT64_MIN, house.source()));
  house.require_agrees();
}

TEST_CASE("a day that was never made from hours that are damaged is an error, not nothing") {
  House house;
  house.clock.set(kDay + 3 * kDayMs);
  house.fold({at(kDay), at(kDay + 1)});
  damage_first_hours(house);
  house.clock.advance(kDayMs);
  house.compact();
  const auto ignore = [](SeriesId, TimeMs, const metrics::Cell&) {};
  const Status seen = house.view().visit(Resolution::day, kDay, kDay + kDayMs, {}, {}, ignore);
  REQUIRE_FALSE(seen);
  REQUIRE(seen.error().code == Errc::corruption);
  house.open();
  REQUIRE(house.rollups->rebuild_dirty(INT64_MIN, house.source()));
  house.require_agrees();
}

TEST_CASE("a view from before a day was made says so when its hours have been dropped") {
  House house("memory", hours_for_three_days());
  house.clock.set(kDay);
  house.fold({at(kDay - kHourMs), at(kDay - 3 * kHourMs)});
  const auto dropped_under = std::make_shared<DroppedUnder>(house.store->snapshot());
  house.clock.advance(30 * kDayMs);
  house.compact();
  REQUIRE(house.rollups->expire());
  const auto ignore = [](SeriesId, TimeMs, const metrics::Cell&) {};
  const CellView before(*house.rollups, dropped_under);
  const Status seen = before.visit(Resolution::day, kDay - kDayMs, kDay, {}, {}, ignore);
  REQUIRE_FALSE(seen);
  REQUIRE(seen.error().code == Errc::unavailable);
  REQUIRE(executions(house.view(), kDay - kDayMs) == 2);
}
