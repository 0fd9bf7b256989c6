#include <random>

#include "house.h"

using namespace vitals;
using namespace vitals::series;
using namespace vitals::series::test;
using model::Number;
using model::Tri;

namespace {

Event event(TimeMs time, const std::string& prompt = "p", double duration_ms = 1500) {
  Event made;
  made.time = time;
  made.prompt = prompt;
  made.outcome.success = Tri::yes;
  made.numbers = {{Number::duration_ms, duration_ms}};
  return made;
}

std::uint64_t executions(const House& house, Resolution resolution) {
  std::uint64_t sum = 0;
  for (const auto& [key, cell] : house.cells(resolution)) sum += cell.counts.executions;
  return sum;
}

/// Passes everything on, but refuses commits when told to.
class FailingStore final : public store::Store {
 public:
  explicit FailingStore(store::Store& inner) : inner_(inner) {}
  Result<store::Table> table(std::string_view name) override { return inner_.table(name); }
  Status commit(const store::WriteBatch& batch, store::Sync sync) override {
    if (failing) return Error{Errc::resource_exhausted, "disk full"};
    last_sync = sync;
    return inner_.commit(batch, sync);
  }
  std::shared_ptr<const store::Snapshot> snapshot() const override { return inner_.snapshot(); }
  Status drop(store::Table table, std::string_view begin, std::string_view end) override {
    CHECK(last_sync == store::Sync::yes);  // a drop survives a power cut, so must what led to it
    ++drops;
    return inner_.drop(table, begin, end);
  }
  Status checkpoint(const std::string& folder) override { return inner_.checkpoint(folder); }
  store::Usage usage() const override { return inner_.usage(); }
  const store::RecoveryReport& recovery() const override { return inner_.recovery(); }

  bool failing = false;
  store::Sync last_sync = store::Sync::no;
  int drops = 0;

 private:
  store::Store& inner_;
};

/// The store as a crash would leave it at this snapshot.
std::unique_ptr<store::Store> copy_of(store::Store& store, const store::Snapshot& snapshot) {
  auto copy = store::open_memory();
  store::WriteBatch all;
  for (const char* name : {"cells", "cell_directory", "cell_state", "cell_dirty_days", "series"}) {
    const auto from = store.table(name), to = copy->table(name);
    REQUIRE((from && to));
    const auto cursor = snapshot.scan(*from, {}, {});
    for (; cursor->valid(); cursor->next()) all.put(*to, cursor->key(), cursor->value());
  }
  REQUIRE(copy->commit(all, store::Sync::yes));
  return copy;
}

}  // namespace

TEST_CASE("a new folder has no cells and watermark 0") {
  const House house;
  REQUIRE(house.rollups->watermark() == 0);
  REQUIRE(*house.view().watermark() == 0);
  REQUIRE(house.cells(Resolution::hour).empty());
  REQUIRE(house.rollups->index()->size() == 1);
  REQUIRE(house.rollups->stats().series == 0);
}

TEST_CASE("a fold without events moves the watermark, one backwards is refused") {
  House house;
  REQUIRE(house.rollups->fold({}, 5));
  REQUIRE(house.rollups->watermark() == 5);
  const Status back = house.rollups->fold({}, 4);
  REQUIRE_FALSE(back);
  REQUIRE(back.error().code == Errc::invalid_argument);
}

TEST_CASE("a view keeps to its snapshot") {
  House house;
  house.fold({event(house.clock.now_ms())});
  const CellView before = house.view();
  house.fold({event(house.clock.now_ms(), "other")});
  house.clock.advance(kDayMs);
  house.compact();
  REQUIRE(*before.watermark() == 1);
  const auto cells =
      merged_cells(before, Resolution::hour, metrics::Needs::everything(), 0, INT64_MAX);
  REQUIRE(cells.size() == 1);
  REQUIRE(cells.begin()->second.counts.executions == 1);
}

TEST_CASE("visit gives the wanted series and times only") {
  House house;
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) {
    events.push_back(event(kDay + i * 10 * kMinuteMs, "p" + std::to_string(i % 5)));
  }
  house.fold(events);
  const CellView view = house.view();
  std::vector<bool> wanted(view.index().size());
  SeriesId p3 = 0;
  for (SeriesId id = 1; id < wanted.size(); ++id) {
    if (view.index().label(id, 0) == "p3") p3 = id;
  }
  wanted[p3] = true;
  std::uint64_t count = 0;
  const TimeMs from = kDay + 2 * kHourMs, to = kDay + 5 * kHourMs;
  for (const Resolution resolution : {Resolution::minute, Resolution::hour}) {
    count = 0;
    REQUIRE(view.visit(resolution, from, to, {}, wanted,
                       [&](SeriesId series, TimeMs bucket, const metrics::Cell& cell) {
                         REQUIRE(series == p3);
                         REQUIRE((bucket >= from && bucket < to));
                         count += cell.counts.executions;
                       }));
    std::uint64_t expected = 0;
    for (const Event& each : events) {
      expected += each.prompt == "p3" && each.time >= from && each.time < to ? 1 : 0;
    }
    REQUIRE(count == expected);
  }
}

TEST_CASE("what readers keep of chunks changes no answer, however much that is") {
  const std::uint64_t bytes_max = GENERATE(0, 400, 1U << 20U);
  Options options;
  options.key_cache_bytes = bytes_max;
  House house("memory", options);
  for (int fold = 0; fold < 5; ++fold) {
    house.fold({event(kDay + fold * kMinuteMs, "a"), event(kDay + kHourMs, "b")});
    for (const Resolution resolution : kResolutions) {
      const auto folded = 2 * static_cast<std::uint64_t>(fold + 1);
      CHECK(executions(house, resolution) == folded);
      CHECK(executions(house, resolution) == folded);  // from what was kept
    }
  }
  house.clock.advance(kDayMs);
  house.compact();
  CHECK(executions(house, Resolution::day) == 10);
}

TEST_CASE("beyond the limit new combinations go to the overflow series, totals stay right") {
  House house("memory", [] {
    Options options;
    options.series_max = 3;
    return options;
  }());
  std::vector<Event> events;
  for (int i = 0; i < 50; ++i) events.push_back(event(kDay + i, "p" + std::to_string(i % 10)));
  house.fold(events);
  house.fold(events);
  REQUIRE(house.rollups->index()->size() == 4);
  REQUIRE(house.rollups->stats().series == 3);  // not the overflow series
  REQUIRE(house.rollups->stats().overflow_events == 70);
  for (const Resolution resolution : kResolutions) REQUIRE(executions(house, resolution) == 100);
  const auto cells = house.cells(Resolution::day);
  REQUIRE(cells.size() == 4);
  REQUIRE(cells.at({"", "", kDay}).counts.executions == 70);
  house.open();
  REQUIRE(house.rollups->index()->size() == 4);
  REQUIRE(house.rollups->stats().overflow_events == 70);
  house.fold({event(kDay, "p0"), event(kDay, "new")});
  REQUIRE(house.cells(Resolution::day).at({"", "", kDay}).counts.executions == 71);
}

TEST_CASE("other dimensions than the folder's are refused, with what to do") {
  House house;
  house.fold({event(kDay)});
  Options other = house.options;
  other.dimensions = {"prompt", "model"};
  const auto opened =
      Rollups::open(*house.store, house.clock, other, quiet_logger(), house.telemetry);
  REQUIRE_FALSE(opened);
  REQUIRE(opened.error().code == Errc::invalid_argument);
  REQUIRE(opened.error().message.find("prompt, version") != std::string::npos);
  other.dimensions = {};
  REQUIRE_FALSE(Rollups::open(*house.store, house.clock, other, quiet_logger(), house.telemetry));
  other.dimensions = {"no_such_field"};
  REQUIRE_FALSE(Rollups::open(*house.store, house.clock, other, quiet_logger(), house.telemetry));
}

TEST_CASE("tags can be dimensions") {
  House house;
  Options options = house.options;
  options.dimensions = {"tags.region"};
  const auto store = store::open_memory();
  auto rollups = Rollups::open(*store, house.clock, options, quiet_logger(), house.telemetry);
  REQUIRE(rollups);
  model::ExecutionBatch batch = *batch_of({event(kDay), event(kDay)});
  batch.attributes.codes = {batch.attributes.pairs.intern(std::string("tags.region\0eu", 14))};
  batch.attributes.ends = {0, 1};
  const Batch shared = std::make_shared<const model::ExecutionBatch>(batch);
  REQUIRE((*rollups)->fold(std::span(&shared, 1), 2));
  const auto index = (*rollups)->index();
  REQUIRE(index->size() == 3);
  REQUIRE(index->label(1, 0).empty());
  REQUIRE(index->label(2, 0) == "eu");
}

TEST_CASE("minutes are thin while raw events cover them and full when they outlive those") {
  const metrics::Needs all = metrics::Needs::everything();
  metrics::Needs core;
  core.add_moments(metrics::measure_of(Number::duration_ms));
  House house;
  REQUIRE(house.view().carries(Resolution::minute, core));
  REQUIRE_FALSE(house.view().carries(Resolution::minute, all));
  REQUIRE(house.view().carries(Resolution::hour, all));
  REQUIRE(house.view().carries(Resolution::day, all));
  house.fold({event(kDay)});

  house.options.raw_retention_ms = kDayMs;
  house.open();
  // Thin chunks of before are still there.
  REQUIRE_FALSE(house.view().carries(Resolution::minute, all));
  const Status visited = house.view().visit(Resolution::minute, kDay, kDay + kDayMs, all, {},
                                            [](SeriesId, TimeMs, const metrics::Cell&) {});
  REQUIRE_FALSE(visited);
  house.fold({event(kDay)});
  house.clock.advance(2 * kDayMs);
  house.compact();
  REQUIRE(executions(house, Resolution::minute) == 2);
  house.clock.advance(40 * kDayMs);
  REQUIRE(house.rollups->expire());
  REQUIRE(house.view().carries(Resolution::minute, all));
}

TEST_CASE("cells beyond retention are not written, and dropped when their span has passed") {
  House house("memory", [] {
    Options options;
    options.retention_ms = {2 * kHourMs, 3 * kDayMs, INT64_MAX};
    return options;
  }());
  const TimeMs now = house.clock.now_ms();
  house.fold({event(now), event(now - 5 * kHourMs), event(now - 10 * kDayMs)});
  REQUIRE(executions(house, Resolution::minute) == 1);
  REQUIRE(executions(house, Resolution::hour) == 2);
  REQUIRE(executions(house, Resolution::day) == 3);
  REQUIRE(house.view().oldest_kept(Resolution::minute, now) == now - 2 * kHourMs);
  REQUIRE(house.view().oldest_kept(Resolution::day, now) == INT64_MIN);
  REQUIRE(*house.rollups->expire() == 0);

  house.clock.advance(4 * kHourMs);
  const CellView old = house.view();
  REQUIRE(*house.rollups->expire() == 1);
  REQUIRE(executions(house, Resolution::minute) == 0);
  REQUIRE(executions(house, Resolution::hour) == 2);
  house.clock.advance(5 * kDayMs);
  house.compact();
  REQUIRE(*house.rollups->expire() == 1);
  REQUIRE(executions(house, Resolution::hour) == 0);
  REQUIRE(executions(house, Resolution::day) == 3);
  REQUIRE(house.rollups->stats().chunks == 2);
  house.open();
  REQUIRE(executions(house, Resolution::day) == 3);
}

TEST_CASE("what lists cells is gone from the disk before they are dropped") {
  House house;
  FailingStore store(*house.store);
  auto opened = Rollups::open(store, house.clock, house.options, quiet_logger(), house.telemetry);
  REQUIRE(opened);
  const Batch batch = batch_of({event(kDay)});
  REQUIRE((*opened)->fold(std::span(&batch, 1), 1));
  house.clock.advance(500 * kDayMs);
  REQUIRE(*(*opened)->compact() == 1);
  REQUIRE(*(*opened)->expire() == 2);
  REQUIRE(store.drops == 2);
}

TEST_CASE("a longer retention does not claim cells that a shorter one dropped or never wrote") {
  House house("memory", [] {
    Options options;
    options.retention_ms = {2 * kHourMs, 3 * kDayMs, INT64_MAX};
    return options;
  }());
  const TimeMs now = house.clock.now_ms();
  const auto kept_since = [&](Resolution resolution) {
    return house.view().oldest_kept(resolution, house.clock.now_ms());
  };
  const auto raise = [&] {
    house.options.retention_ms = {30 * kDayMs, INT64_MAX, INT64_MAX};
    house.open();
  };
  SECTION("nothing was lost") {
    house.fold({event(now - kHourMs)});
    raise();
    REQUIRE(kept_since(Resolution::minute) == now - 30 * kDayMs);
    REQUIRE(kept_since(Resolution::hour) == INT64_MIN);
  }
  SECTION("minutes were not written as the event came late") {
    house.fold({event(now - 5 * kHourMs)});
    raise();
    REQUIRE(kept_since(Resolution::minute) == now - 2 * kHourMs);
    REQUIRE(kept_since(Resolution::hour) == INT64_MIN);
  }
  SECTION("cells were dropped") {
    house.fold({event(now)});
    house.clock.advance(5 * kDayMs);
    house.compact();
    REQUIRE(*house.rollups->expire() == 2);
    raise();
    REQUIRE(kept_since(Resolution::minute) == now + kHourMs);
    REQUIRE(kept_since(Resolution::hour) == kDay + kDayMs);
    REQUIRE(kept_since(Resolution::day) == INT64_MIN);
    house.clock.advance(50 * kDayMs);
    REQUIRE(kept_since(Resolution::minute) == house.clock.now_ms() - 30 * kDayMs);
  }
  SECTION("a day was rebuilt while minutes were kept for less") {
    house.fold({event(now - kHourMs)});
    house.clock.advance(4 * kHourMs);
    store::WriteBatch changes;
    house.rollups->mark_dirty(changes, now, now);
    REQUIRE(house.store->commit(changes, store::Sync::yes));
    REQUIRE(house.rollups->rebuild_dirty(INT64_MIN, house.source()));
    REQUIRE(executions(house, Resolution::minute) == 0);
    raise();
    REQUIRE(kept_since(Resolution::minute) == now + 2 * kHourMs);
  }
}

TEST_CASE("dirty days are recomputed from the log, also after a crash") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  House house;
  for (int day = 0; day < 4; ++day) {
    house.fold(random_events(random, 300, kDay - day * kDayMs, 10 * kHourMs));
  }
  // The log loses some events of two days; their positions stay in the watermark.
  const auto gone = [](const Event& each) {
    return each.prompt == "prompt-1" && each.time >= kDay - kDayMs;
  };
  const std::size_t before = house.log.size();
  house.log.erase(std::remove_if(house.log.begin(), house.log.end(), gone), house.log.end());
  REQUIRE(house.log.size() < before);
  store::WriteBatch changes;
  house.rollups->mark_dirty(changes, kDay - kDayMs + 5, kDay + kDayMs - 1);
  REQUIRE(house.store->commit(changes, store::Sync::yes));
  house.open();
  REQUIRE(house.rollups->rebuild_dirty(INT64_MIN, house.source()));
  house.require_agrees();
  REQUIRE(house.rollups->watermark() == before);

  int asked = 0;
  const auto source = [&asked](TimeMs, TimeMs, std::uint64_t, const auto&) -> Status {
    ++asked;
    return {};
  };
  REQUIRE(house.rollups->rebuild_dirty(INT64_MIN, source));
  REQUIRE(asked == 0);
}

TEST_CASE("a rebuild whose source fails changes nothing and is taken up again") {
  House house;
  house.fold({event(kDay), event(kDay + kHourMs)});
  store::WriteBatch changes;
  house.rollups->mark_dirty(changes, kDay, kDay);
  REQUIRE(house.store->commit(changes, store::Sync::yes));
  const auto broken = [](TimeMs, TimeMs, std::uint64_t, const auto&) -> Status {
    return Error{Errc::io, "no"};
  };
  REQUIRE_FALSE(house.rollups->rebuild_dirty(INT64_MIN, broken));
  house.require_agrees();
  house.log.pop_back();
  REQUIRE(house.rollups->rebuild_dirty(INT64_MIN, house.source()));
  house.require_agrees();
}

TEST_CASE("a day that cannot be made anew stays dirty, and the others are made") {
  House house;
  for (int day = 0; day < 3; ++day) house.fold({event(kDay - day * kDayMs)});
  store::WriteBatch changes;  // the day in the middle by two ranges
  house.rollups->mark_dirty(changes, kDay - 2 * kDayMs, kDay);
  house.rollups->mark_dirty(changes, kDay - kDayMs, kDay);
  REQUIRE(house.store->commit(changes, store::Sync::yes));
  const TimeMs middle = bucket_start(kDay, kDayMs) - kDayMs;
  const auto whole = house.source();
  const auto broken = [&](TimeMs from, TimeMs to, std::uint64_t before,
                          const auto& visit) -> Status {
    if (from == middle) return Error{Errc::corruption, "damaged"};
    return whole(from, to, before, visit);
  };
  const Status rebuilt = house.rollups->rebuild_dirty(INT64_MIN, broken);
  REQUIRE_FALSE(rebuilt);
  CHECK(rebuilt.error().message == "damaged");
  CHECK(**house.rollups->dirty_day(INT64_MIN) == middle);
  CHECK(!*house.rollups->dirty_day(middle + kDayMs));
  REQUIRE(house.rollups->rebuild_day(middle, INT64_MIN, whole));
  CHECK(!*house.rollups->dirty_day(INT64_MIN));
  house.require_agrees();
}

TEST_CASE("a dirty day that raw events no longer cover keeps its cells") {
  House house;
  const TimeMs raw_since = kDay - kDayMs + 1;
  house.fold({event(kDay - kDayMs)});
  store::WriteBatch changes;
  house.rollups->mark_dirty(changes, kDay - kDayMs, kDay - 1);
  REQUIRE(house.store->commit(changes, store::Sync::yes));
  const auto unused = [](TimeMs, TimeMs, std::uint64_t, const auto&) -> Status {
    return Error{Errc::internal, "not to be asked"};
  };
  REQUIRE(house.rollups->rebuild_dirty(raw_since, unused));
  REQUIRE(executions(house, Resolution::day) == 1);
}

TEST_CASE("a commit that fails leaves everything as it was, and the fold can be repeated") {
  House house;
  FailingStore failing(*house.store);
  auto opened = Rollups::open(failing, house.clock, house.options, quiet_logger(), house.telemetry);
  REQUIRE(opened);
  Rollups& rollups = **opened;
  const Batch batch = batch_of({event(kDay, "a"), event(kDay, "b")});
  failing.failing = true;
  REQUIRE_FALSE(rollups.fold(std::span(&batch, 1), 2));
  REQUIRE(rollups.watermark() == 0);
  REQUIRE(rollups.stats().chunks == 0);
  failing.failing = false;
  REQUIRE(rollups.fold(std::span(&batch, 1), 2));
  REQUIRE(rollups.watermark() == 2);
  failing.failing = true;
  house.clock.advance(kDayMs);
  const Batch more = batch_of({event(kDay, "a")});
  failing.failing = false;
  REQUIRE(rollups.fold(std::span(&more, 1), 3));
  failing.failing = true;
  house.clock.advance(kDayMs);
  REQUIRE_FALSE(rollups.compact());
  failing.failing = false;
  REQUIRE(*rollups.compact() == 1);  // the day is made
  REQUIRE(*rollups.compact() == 2);  // runs of hours are merged
  house.open();
  REQUIRE(house.rollups->index()->size() == 3);
  REQUIRE(executions(house, Resolution::minute) == 3);
}

TEST_CASE("after a crash cells, series and watermark go back together") {
  House house;
  std::vector<std::shared_ptr<const store::Snapshot>> moments;
  for (int i = 0; i < 12; ++i) {
    moments.push_back(house.store->snapshot());
    house.fold({event(kDay + i * kMinuteMs, "p" + std::to_string(i))});
    house.compact();
  }
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const auto crashed = copy_of(*house.store, *moments[i]);
    auto opened =
        Rollups::open(*crashed, house.clock, house.options, quiet_logger(), house.telemetry);
    REQUIRE(opened);
    Rollups& rollups = **opened;
    REQUIRE(rollups.watermark() == i);
    REQUIRE(rollups.index()->size() == i + 1);
    // The log is folded again from there.
    const Batch rest =
        batch_of({house.log.begin() + static_cast<std::ptrdiff_t>(i), house.log.end()});
    REQUIRE(rollups.fold(std::span(&rest, 1), house.log.size()));
    const CellView view(rollups, crashed->snapshot());
    require_same(merged_cells(view, Resolution::hour, metrics::Needs::everything(), 0, INT64_MAX),
                 plain_cells(house.log, Resolution::hour));
  }
}

TEST_CASE("damaged bytes are an error that names the chunk, never wrong cells") {
  House house;
  house.fold({event(kDay), event(kDay, "q")});
  house.clock.advance(kDayMs);
  house.compact();
  const auto cells = house.store->table("cells");
  REQUIRE(cells);
  const auto cursor = house.store->snapshot()->scan(*cells, {}, {});
  store::WriteBatch changes;
  for (; cursor->valid(); cursor->next()) {
    std::string damaged(cursor->value());
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 4);
    changes.put(*cells, cursor->key(), damaged);
  }
  REQUIRE(house.store->commit(changes, store::Sync::yes));
  for (const Resolution resolution : kResolutions) {
    const Status seen = house.view().visit(resolution, 0, INT64_MAX, {}, {},
                                           [](SeriesId, TimeMs, const metrics::Cell&) {});
    REQUIRE_FALSE(seen);
    REQUIRE(seen.error().code == Errc::corruption);
    REQUIRE(seen.error().message.find(std::string(to_string(resolution))) != std::string::npos);
  }
}

TEST_CASE("a damaged span is set aside by compaction and healed from the log") {
  House house;
  house.fold({event(kDay), event(kDay, "q")});
  house.fold({event(kDay), event(kDay + kHourMs)});
  const auto cells = house.store->table("cells");
  REQUIRE(cells);
  store::WriteBatch changes;
  const std::string hours(1, static_cast<char>(Resolution::hour));
  const auto cursor = house.store->snapshot()->scan(*cells, hours, {});
  changes.put(*cells, cursor->key(), "not a chunk");
  REQUIRE(house.store->commit(changes, store::Sync::yes));
  house.clock.advance(kDayMs);
  house.compact();
  REQUIRE(house.rollups->stats().chunks == 5);  // 3 of minutes, 2 of damaged hours, no day of them
  REQUIRE(executions(house, Resolution::minute) == 4);
  house.open();
  REQUIRE(house.rollups->rebuild_dirty(INT64_MIN, house.source()));
  house.require_agrees();
}
