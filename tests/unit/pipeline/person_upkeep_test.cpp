// What becomes of people's keys and personal fields as time goes by.
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "rocks_house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

/// Lets so many hours go by, each with a turn of maintenance.
void hours(House& house, int count) {
  for (int i = 0; i < count; ++i) {
    house.clock.advance(kHourMs);
    while (house.maintenance->step() == 0) continue;
  }
}

std::size_t kept_keys(const House& house) { return house.pseudonyms.retired_keys(); }

std::string exposition(const House& house) {
  std::string text;
  house.telemetry->write_prometheus(text);
  return text;
}

events::Options raw_for(DurationMs retention_ms) {
  events::Options options;
  options.raw_retention_ms = retention_ms;
  return options;
}

Options personal_for(DurationMs retention_ms) {
  Options options;
  options.personal_retention_ms = retention_ms;
  return options;
}

/// Every block of the log, by its key.
std::map<std::string, std::string> blocks(const House& house) {
  std::map<std::string, std::string> found;
  const auto snapshot = house.store.snapshot();
  const auto cursor = snapshot->scan(house.log->tables().blocks, {}, {});
  for (; cursor->valid(); cursor->next()) {
    found.emplace(std::string(cursor->key()), std::string(cursor->value()));
  }
  return found;
}

void require_same(const RocksHouse::Cells& is, const RocksHouse::Cells& was) {
  CHECK(is.totals == was.totals);
  CHECK(is.users == was.users);
  CHECK(is.sessions == was.sessions);
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
  CHECK_THAT(exposition(house), Catch::Contains("\nvitals_pseudonym_keys_retired " +
                                                std::to_string(kept_keys(house)) + "\n"));
  CHECK_THAT(exposition(house), Catch::Contains("\nvitals_pseudonym_key_made_timestamp_seconds " +
                                                std::to_string(house.now() / 1'000)));
}

TEST_CASE("when no further key can be kept, those go that have had their time, and it goes on") {
  Options options;
  options.rotate_key_every_ms = kHourMs;
  House house(options);
  while (house.pseudonyms.rotate(house.now())) continue;
  const std::size_t most = kept_keys(house);
  hours(house, 25);
  CHECK(kept_keys(house) == most);
  hours(house, 1);
  CHECK(kept_keys(house) == 1);
  CHECK(house.pseudonyms.key_since() == house.now());
}

TEST_CASE("people go from events whose personal retention has passed, and nothing else does") {
  RocksHouse rocks(personal_for(3 * kDayMs));
  rocks.fill(10);
  hours(rocks.house, 24);
  rocks.house.post(traffic(10, rocks.house.now()));
  const RocksHouse::Cells before = rocks.cells();

  hours(rocks.house, 46);
  CHECK(rocks.in_log().size() > 10 * 4);
  hours(rocks.house, 4);  // three days after the first
  CHECK(rocks.in_log().size() < 20);
  CHECK(!rocks.in_log().empty());
  require_same(rocks.cells(), before);

  // What was rewritten is left in peace.
  const auto rewritten = blocks(rocks.house).begin()->second;
  rocks.crash();
  hours(rocks.house, 5);
  CHECK(blocks(rocks.house).begin()->second == rewritten);

  hours(rocks.house, 24);
  CHECK(rocks.in_log().empty());
  CHECK(rocks.in_files().empty());
  require_same(rocks.cells(), before);
  rocks.house.require_everywhere(11 * 12);
  CHECK(blocks(rocks.house).begin()->second == rewritten);
  const auto proof = rocks.house.maintenance->erase_users({kUser});
  REQUIRE(proof);
  CHECK(proof->executions == 0);
}

TEST_CASE("days to be made anew keep their people until that is done, and hold up no others") {
  RocksHouse rocks(personal_for(3 * kDayMs));
  House& house = rocks.house;
  const TimeMs first = house.now();
  house.post(traffic(0, first));
  house.clock.advance(kDayMs);
  house.post(traffic(1, house.now()));
  REQUIRE(house.maintenance->fold_all());
  const RocksHouse::Cells before = rocks.cells();
  const auto mend = house.damage(0);
  house.restart_with_stale(first, first);
  hours(house, 5 * 24);
  CHECK(house.stale_days().size() == 1);
  const events::LogView view(*house.log, house.store.snapshot());
  const auto second = view.read(12, model::ColumnSet::all());
  REQUIRE(second);
  CHECK(second->rows[Label::user].at(0).empty());

  mend();
  CHECK(!rocks.in_log().empty());
  hours(house, 2);
  CHECK(house.stale_days().empty());
  CHECK(rocks.in_log().empty());
  const RocksHouse::Cells after = rocks.cells();
  require_same(after, before);
}

TEST_CASE("a crash or a full disk on the way leaves whole blocks, and the next start goes on") {
  const int commits = GENERATE(0, 1, 2, 3, 5, 8);
  CAPTURE(commits);
  RocksHouse rocks(personal_for(3 * kDayMs));
  for (int i = 0; i < 40; ++i) {  // more blocks than are rewritten at once: none are merged
    rocks.house.post(traffic(i, rocks.house.now()));
    rocks.house.clock.advance(kHourMs);
    REQUIRE(rocks.house.maintenance->fold_all());
  }
  const RocksHouse::Cells before = rocks.cells();
  rocks.house.clock.advance(4 * kDayMs);
  rocks.house.store.fill_after(static_cast<std::uint64_t>(commits));
  rocks.house.maintenance->step();
  rocks.house.store.make_room();
  rocks.crash();
  hours(rocks.house, 2);
  CHECK(rocks.in_log().empty());
  require_same(rocks.cells(), before);
  rocks.house.require_everywhere(40 * 12);
}

TEST_CASE("files go when nobody reads any more what people's events were") {
  RocksHouse rocks(personal_for(3 * kDayMs));
  rocks.fill(10);
  hours(rocks.house, 70);
  rocks.crash();
  auto reader = rocks.house.store.snapshot();
  hours(rocks.house, 4);
  CHECK(rocks.in_log().empty());
  CHECK(!rocks.in_files().empty());
  reader.reset();
  hours(rocks.house, 1);
  CHECK(rocks.in_files().empty());
}

TEST_CASE("ids that are remembered stay, so that backfill that comes twice is known") {
  RocksHouse rocks(personal_for(kHourMs));
  model::ExecutionBatch batch = traffic(0, rocks.house.now() - 20 * kDayMs);
  rocks.house.post(batch);
  hours(rocks.house, 23);
  CHECK(!rocks.in_log().empty());
  Writer again;
  REQUIRE(rocks.house.spine->submit(std::move(batch), again.done()));
  rocks.house.spine->step();
  CHECK(again.duplicates() == 12);
  hours(rocks.house, 3);
  CHECK(rocks.in_log().empty());
}

TEST_CASE("tags that cells are kept by stay with their events") {
  series::Options by_region;
  by_region.dimensions = {"prompt", "tags.region"};
  House house(personal_for(2 * kDayMs), {}, by_region);
  model::ExecutionBatch batch = executions("p", 0, 1, house.now());
  using namespace std::string_literals;
  for (const std::string& pair : {"tags.region\0eu"s, "tags.customer\0acme"s}) {
    batch.attributes.codes.push_back(batch.attributes.pairs.intern(pair));
  }
  batch.attributes.ends = {2};
  house.post(std::move(batch));
  hours(house, 50);
  const events::LogView view(*house.log, house.store.snapshot());
  const auto block = view.read(0, model::ColumnSet::all());
  REQUIRE(block);
  CHECK(block->rows.attributes.value(0, "tags.region") == "eu");
  CHECK(block->rows.attributes.value(0, "tags.customer").empty());
  CHECK(block->rows.ids.at(0) != "p-0");
}
