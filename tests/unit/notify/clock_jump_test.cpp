// The host's clock is set while notifications wait.
#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "desk.h"

namespace vitals::notify::test {
namespace {

TEST_CASE("a clock that is set ahead buries nothing that waits") {
  Desk desk(503);
  const Options options = everything_to("http://receiver/");
  OutboxHouse house(desk.calls, options);
  for (int i = 0; i < 20; ++i) house.tell(firing(std::to_string(i), house.clock().now_ms()));
  house.deliver_for(kHourMs);
  house.clock().jump(100 * kHourMs);
  house.tell(firing("after", house.clock().now_ms()));
  house.deliver_for(70 * kHourMs);
  CHECK(house.deliveries(DeliveryState::waiting).size() == 21);
  house.deliver_for(kHourMs + kHourMs / 2);  // now they have waited for give_up
  CHECK(house.deliveries(DeliveryState::dead).size() == 20);
  desk.answer_all(200);
  house.deliver_for(kHourMs);
  CHECK(house.deliveries(DeliveryState::delivered).size() == 1);
}

TEST_CASE("after a start nothing is buried before it had its chance") {
  Desk desk(503);
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  house.tell(firing("a", house.clock().now_ms()));
  house.deliver();
  house.clock().jump(100 * kHourMs);
  house.reopen();
  house.deliver_for(kHourMs / 2);
  CHECK(house.deliveries(DeliveryState::waiting).size() == 1);
  house.deliver_for(kHourMs);
  CHECK(house.deliveries(DeliveryState::dead).size() == 1);
}

TEST_CASE("a clock that is set back prolongs no wait") {
  const bool restart = GENERATE(false, true);
  const int status = GENERATE(503, 400);  // the receiver's circuit, the row's own
  CAPTURE(restart, status);
  Desk desk(status);
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  house.tell(firing("a", house.clock().now_ms()));
  const DurationMs wait_ms = house.deliver() - house.clock().now_ms();
  REQUIRE(wait_ms > 0);
  house.clock().jump(-10 * kHourMs);
  if (restart) house.reopen();
  CHECK(house.deliver() == house.clock().now_ms() + wait_ms);
  desk.answer_all(200);
  house.deliver_for(wait_ms);
  CHECK(house.deliveries(DeliveryState::delivered).size() == 1);
}

TEST_CASE("repeats and groups keep their time when the clock is set") {
  const DurationMs jump_ms = GENERATE(-10 * kHourMs, 10 * kHourMs);
  CAPTURE(jump_ms);
  CloudEventsTarget target;
  target.url = "http://receiver/";
  Options options = everything_to("http://receiver/");
  options.receivers[0].target = target;
  options.routes.group_by = {"prompt"};
  options.routes.group_wait_ms = 60'000;
  options.routes.repeat_ms = kHourMs;
  Desk desk;
  OutboxHouse house(desk.calls, options);
  house.tell(firing("a", house.clock().now_ms()));
  house.deliver_for(30'000);
  house.clock().jump(jump_ms);
  house.deliver_for(29'999);
  CHECK(desk.requests.empty());
  house.deliver_for(1);
  CHECK(desk.requests.size() == 1);
  house.deliver_for(kHourMs / 2);
  house.clock().jump(jump_ms);
  house.deliver_for(kHourMs / 2 - 1);
  CHECK(desk.requests.size() == 1);
  house.deliver_for(1);
  CHECK(desk.requests.size() == 2);
}

TEST_CASE("receivers and people are told the time by the clock on the wall") {
  Desk desk(503);
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  house.clock().jump(10 * kHourMs);
  const TimeMs now = house.clock().now_ms();
  house.tell(firing("a", now));
  const TimeMs next = house.deliver();
  CHECK(header(desk.requests.at(0), "webhook-timestamp") == std::to_string(now / 1000));
  const ReceiverState state = house.outbox().receivers().at(0);
  CHECK(state.opens_at > now);
  CHECK(state.opens_at <= next);
  CHECK(state.oldest_at == now);
  CHECK(state.last_error_at == now);
  CHECK(house.deliveries().at(0).next_try_at == next);
}

}  // namespace
}  // namespace vitals::notify::test
