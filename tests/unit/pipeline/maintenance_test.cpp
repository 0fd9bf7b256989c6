#include <thread>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

Options fold_seldom() {
  Options options;
  options.fold_events = 1'000'000;
  options.fold_every_ms = 3'600'000;
  return options;
}

std::vector<model::Filter> prompt_is(const std::string& prompt) {
  return {model::Filter{"prompt", false, {prompt}}};
}

}  // namespace

TEST_CASE("the log is folded when enough events wait, or have waited long enough") {
  Options options;
  options.fold_events = 10;
  options.fold_every_ms = 60'000;
  House house(options);
  house.maintenance->step();
  house.post(executions("a", 0, 9, house.now()));
  house.maintenance->step();
  CHECK(house.rollups->watermark() == 0);

  house.post(executions("a", 9, 1, house.now()));
  house.maintenance->step();
  house.require_everywhere(10);

  house.post(executions("a", 10, 1, house.now()));
  house.clock.advance(options.fold_every_ms - 1);
  house.maintenance->step();
  CHECK(house.rollups->watermark() == 10);
  house.clock.advance(1);
  house.maintenance->step();
  house.require_everywhere(11);
}

TEST_CASE("many events are folded early once no more come") {
  House house(fold_seldom());
  house.maintenance->step();
  house.post(executions("a", 0, 8'191, house.now()));
  house.maintenance->step();
  house.clock.advance(999);
  house.post(executions("b", 0, 1, house.now()));
  house.maintenance->step();
  house.clock.advance(999);
  house.maintenance->step();
  CHECK(house.rollups->watermark() == 0);
  house.clock.advance(1);
  house.maintenance->step();
  house.require_everywhere(8'192);
}

TEST_CASE("a block that was merged from both sides of the watermark is counted once") {
  House house(fold_seldom());
  const auto post_blocks = [&house](int first) {
    for (int block = 0; block < 8; ++block) {
      house.post(executions("a", first + 10 * block, 10, house.now()));
    }
  };
  house.maintenance->step();
  post_blocks(0);
  REQUIRE(house.maintenance->fold_all());
  post_blocks(80);
  while (house.maintenance->step() == 0) continue;
  REQUIRE(house.log->stats().blocks == 1);
  REQUIRE(house.rollups->watermark() == 80);

  REQUIRE(house.maintenance->fold_all());
  house.require_everywhere(160);
  REQUIRE(house.maintenance->fold_all());
  house.require_everywhere(160);
}

TEST_CASE("folding waits out a full disk") {
  Options options;
  options.fold_events = 1;
  House house(options);
  house.post(executions("a", 0, 20, house.now()));
  house.store.fill();
  CHECK(house.maintenance->step() > 0);  // no use in trying again at once
  CHECK_FALSE(house.maintenance->fold_all());
  CHECK(house.rollups->watermark() == 0);
  house.store.make_room();
  house.maintenance->step();
  house.require_everywhere(20);
}

TEST_CASE("what is erased is gone from the log and from the cells, the rest stays") {
  House house(fold_seldom());
  const TimeMs now = house.now();
  house.post(executions("a", 0, 30, now - 86'400'000));
  house.post(executions("a", 30, 20, now));
  house.post(executions("b", 0, 10, now));
  SECTION("from cells") {
    REQUIRE(house.maintenance->fold_all());
    house.require_everywhere(60);
  }
  SECTION("before it was ever folded") { REQUIRE(house.rollups->watermark() == 0); }

  const auto erased = house.maintenance->erase(prompt_is("a"), now, now + 1);
  REQUIRE(erased);
  CHECK(erased->rows == 20);
  CHECK(erased->from_ms == now);
  CHECK(erased->to_ms == now);
  house.require_everywhere(40);

  const auto commits = house.store.commits();
  const auto again = house.maintenance->erase(prompt_is("a"), now, now + 1);
  REQUIRE(again);
  CHECK(again->rows == 0);
  CHECK(house.store.commits() == commits);

  house.post(executions("a", 30, 20, now));  // an erased id may come again
  REQUIRE(house.maintenance->fold_all());
  house.require_everywhere(60);
}

TEST_CASE("an erasure that was cut off before the cells were rebuilt is finished at the start") {
  House house(fold_seldom());
  house.post(executions("a", 0, 20, house.now()));
  house.post(executions("b", 0, 10, house.now()));
  REQUIRE(house.maintenance->fold_all());
  house.store.fill_after(1);
  CHECK_FALSE(house.maintenance->erase(prompt_is("a"), 0, house.now() + 1));
  CHECK(house.log->stats().events == 10);
  CHECK(house.in_cells(series::Resolution::day) == 30);

  house.store.make_room();
  house.restart();
  house.maintenance->step();
  house.require_everywhere(10);
}

TEST_CASE("days are made anew one at a time, and one that fails holds up no other") {
  House house(fold_seldom());
  const TimeMs newest = house.now(), oldest = newest - 2 * kDayMs;
  for (int day = 0; day < 3; ++day)
    house.post(executions("a", 10 * day, 10, oldest + day * kDayMs));
  REQUIRE(house.maintenance->fold_all());
  const auto mend = house.damage(0);
  house.restart_with_stale(oldest, newest);
  const std::vector<TimeMs> days = house.stale_days();
  REQUIRE(days.size() == 3);
  house.maintenance->step();
  CHECK(house.stale_days() == days);
  house.maintenance->step();
  CHECK(house.stale_days() == std::vector<TimeMs>{days[0], days[2]});
  SECTION("then the others") { house.maintenance->step(); }
  SECTION("whoever erases has the others made at once") {
    CHECK_FALSE(house.maintenance->erase(prompt_is("b"), newest, newest + 1));
  }
  CHECK(house.stale_days() == std::vector<TimeMs>{days[0]});

  mend();
  while (house.maintenance->step() == 0) continue;
  CHECK(house.stale_days().size() == 1);  // it is tried again later
  house.clock.advance(61'000);
  while (house.maintenance->step() == 0) continue;
  CHECK(house.stale_days().empty());
  house.require_everywhere(30);
}

TEST_CASE("cells of a user's erasure that was cut off are made anew without waiting for the rest") {
  House house(fold_seldom());
  model::ExecutionBatch batch = executions("a", 0, 10, house.now());
  auto& users = batch[model::Label::user];
  users.codes.assign(batch.rows(), users.dictionary.intern("ann"));
  house.post(std::move(batch));
  REQUIRE(house.maintenance->fold_all());
  while (house.maintenance->step() == 0) continue;
  house.store.fill_after(4);  // what is asked, the key, the sessions, the block
  CHECK_FALSE(house.maintenance->erase_users({"ann"}));
  house.store.make_room();
  REQUIRE(house.stale_days().size() == 1);
  house.maintenance->step();
  CHECK(house.stale_days().empty());
  house.require_everywhere(10);
}

TEST_CASE("an erasure that the store refuses changes nothing") {
  House house(fold_seldom());
  house.post(executions("a", 0, 20, house.now()));
  REQUIRE(house.maintenance->fold_all());
  house.store.fill();
  CHECK_FALSE(house.maintenance->erase(prompt_is("a"), 0, house.now() + 1));
  house.store.make_room();
  house.restart();
  house.maintenance->step();
  house.require_everywhere(20);
}

TEST_CASE("while maintenance runs others have it fold and erase, until it is stopped") {
  House house(fold_seldom());
  house.post(executions("a", 0, 20, house.now()));
  house.post(executions("b", 0, 10, house.now()));
  std::thread thread([&] { house.maintenance->run(); });
  CHECK(house.maintenance->fold_all());
  CHECK(house.rollups->watermark() == 30);
  const auto erased = house.maintenance->erase(prompt_is("a"), 0, house.now() + 1);
  house.maintenance->stop();
  thread.join();
  REQUIRE(erased);
  CHECK(erased->rows == 20);
  house.require_everywhere(10);
  const Status late = house.maintenance->fold_all();
  REQUIRE_FALSE(late);
  CHECK(late.error().code == Errc::unavailable);
}

TEST_CASE("resolved alerts are forgotten after their time, open ones are not") {
  House house(fold_seldom());
  REQUIRE(house.spine->load_rules({success_rule()}));
  house.post(executions("a", 0, 20, house.now(), model::Tri::no));
  house.turn();
  house.clock.advance(10 * 60'000);
  house.turn();
  house.post(executions("b", 0, 20, house.now(), model::Tri::no));
  house.turn();
  REQUIRE(house.history().size() == 1);
  REQUIRE(house.open_alerts().size() == 1);

  house.clock.set(house.history().front().resolved_at + house.options.alert_history_ms);
  house.maintenance->step();
  CHECK(house.history().size() == 1);
  house.clock.advance(60'000);
  house.maintenance->step();
  CHECK(house.history().empty());
  CHECK(house.open_alerts().size() == 1);
}
