// Queries that several threads work on. That their answers are right, the property test says.
#include <atomic>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/store/keys.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;

namespace {

constexpr std::size_t kBlocks = 40;

/// One event of a prompt and region of its own in each of many blocks.
void fill(Stand& stand) {
  for (std::size_t i = 0; i < kBlocks; ++i) {
    Event event;
    event.id = "e" + std::to_string(i);
    event.time_ms = kNow - kHourMs + static_cast<TimeMs>(i) * kMinuteMs;
    event.prompt = "p" + std::to_string(i);
    event.region = "r" + std::to_string(i);
    event.duration_ms = static_cast<double>(i);
    stand.append({event});
  }
}

Stand::Options with_threads(std::size_t threads) {
  Stand::Options options;
  options.threads = threads;
  return options;
}

query::MetricRequest by(const std::string& field) {
  query::MetricRequest request = ask("duration_ms", kNow - kDayMs, kNow, "sum");
  request.group_by = {field};
  return request;
}

}  // namespace

TEST_CASE("a query that nobody helps is answered by its own thread") {
  Stand stand(with_threads(1));
  fill(stand);
  TaskQueue nobody(1);  // takes one task, which never runs
  for (const std::size_t threads : {2, 8}) {
    const query::Engine engine(*stand.store, *stand.log, *stand.rollups, stand.catalogue,
                               stand.clock, {}, quiet_logger(), stand.telemetry,
                               {&nobody, threads, 1});
    const auto answer = engine.metric(by("tags.region"));
    REQUIRE(answer.ok());
    CHECK(answer->groups.size() == kBlocks);
  }
}

TEST_CASE("helpers that come when the query is over find nothing to do") {
  Stand stand(with_threads(1));
  fill(stand);
  TaskQueue queue(10);
  {
    const query::Engine engine(*stand.store, *stand.log, *stand.rollups, stand.catalogue,
                               stand.clock, {}, quiet_logger(), stand.telemetry, {&queue, 3, 1});
    for (int i = 0; i < 3; ++i) CHECK(engine.metric(by("tags.region")).ok());
  }
  queue.close();
  queue.run();
}

TEST_CASE("the time of a query runs out for all who work on it") {
  Stand stand(with_threads(3));
  fill(stand);
  RunningClock clock;
  query::Options options;
  options.deadline_ms = 20;
  const query::Engine engine(*stand.store, *stand.log, *stand.rollups, stand.catalogue, clock,
                             options, quiet_logger(), stand.telemetry, stand.helpers());
  for (int i = 0; i < 20; ++i) {
    const auto answer = engine.metric(by("tags.region"));
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == Errc::deadline_exceeded);
  }
  CHECK(stand.metric(by("tags.region")).groups.size() == kBlocks);
}

TEST_CASE("one damaged block is the answer, whoever read it") {
  Stand stand(with_threads(3));
  fill(stand);
  const auto table = stand.store->table("event_blocks");
  REQUIRE(table.ok());
  std::string key;
  store::put_u64(key, 17);
  const auto block = stand.store->snapshot()->get(*table, key);
  REQUIRE(block.ok());
  REQUIRE(block->has_value());
  std::string bytes = **block;
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
  store::WriteBatch damage;
  damage.put(*table, key, bytes);
  REQUIRE(stand.store->commit(damage, store::Sync::yes).ok());
  for (int i = 0; i < 20; ++i) {
    const Error error = stand.metric_error(by("tags.region"));
    CHECK(error.code == Errc::corruption);
    CHECK(error.message.find("event block 17") != std::string::npos);
  }
  query::MetricRequest before = by("tags.region");
  before.to_ms = kNow - kHourMs + 10 * kMinuteMs;
  CHECK(stand.metric(before).groups.size() == 10);
}

TEST_CASE("parts of a query that keep too much together are added up by one") {
  Stand::Options options = with_threads(2);
  options.query.points_max = 12;  // each part would keep ten
  Stand stand(options);
  std::vector<Event> events;
  for (std::size_t block = 0; block < 8; ++block) {
    events.clear();
    for (std::size_t i = 0; i < 10; ++i) {
      Event event;
      event.id = std::to_string(block) + "-" + std::to_string(i);
      event.time_ms = kNow - 1;
      event.region = "r" + std::to_string(i);
      event.duration_ms = 1;
      events.push_back(event);
    }
    stand.append(events);
  }
  const query::MetricAnswer answer = stand.metric(by("tags.region"));
  REQUIRE(answer.groups.size() == 10);
  for (const query::Group& group : answer.groups) CHECK(group.value == 8);
}
