#include <catch2/catch.hpp>

#include "desk.h"

namespace vitals::notify::test {
namespace {

TEST_CASE("dead letters are sent once more, under their ids, also after a restart") {
  Desk desk(410);
  Options options = everything_to("http://receiver/");
  options.receivers.push_back(webhook_receiver("other", "http://other/"));
  options.routes.routes = {route_to("on-call", {}, true), route_to("other")};
  OutboxHouse house(desk.calls, options);
  for (const char* id : {"a", "b"}) house.tell(firing(id, house.clock().now_ms()));
  house.deliver();
  REQUIRE(house.deliveries(DeliveryState::dead).size() == 4);
  const std::string body = desk.requests[0].body;

  desk.answer_all(200);
  desk.asked.clear();
  desk.requests.clear();
  CHECK(house.outbox().replay({{"a-firing"}, "on-call"}).value().queued == 1);
  CHECK(house.outbox().replay({{"nobody"}, ""}).value().queued == 0);
  house.reopen();
  house.deliver();
  CHECK(desk.asked == Ids{"a-firing"});
  CHECK(desk.requests[0].body == body);
  CHECK(house.outbox().replay({{}, "other"}).value().queued == 2);
  house.deliver();
  CHECK(desk.asked.size() == 3);
  CHECK(house.deliveries(DeliveryState::dead).size() == 1);

  desk.answer_all(410);  // a number that is free again is not one that is still used
  CHECK(house.outbox().replay({{"b-firing"}, ""}).value().queued == 1);
  house.reopen();
  house.tell(firing("c", house.clock().now_ms()));
  house.deliver();
  CHECK(house.deliveries(DeliveryState::dead).size() == 3);
}

TEST_CASE("dead letters survive a replay that the store refuses") {
  Desk desk(410);
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  house.tell(firing("a", house.clock().now_ms()));
  house.deliver();
  desk.answer_all(200);
  house.store().fill();
  CHECK_FALSE(house.outbox().replay({{}, "on-call"}).ok());
  CHECK_FALSE(house.outbox().replay({{}, "on-call"}).ok());
  house.deliver_for(60'000);
  CHECK(desk.asked.size() == 1);
  house.store().make_room();
  house.deliver_for(60'000);
  CHECK(desk.asked == Ids{"a-firing", "a-firing"});
  CHECK(house.deliveries(DeliveryState::delivered).size() == 1);
  CHECK(house.deliveries(DeliveryState::dead).empty());
}

TEST_CASE("a dead letter about an incident whose end was delivered is not sent once more") {
  Desk desk;
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  desk.statuses["a-firing"] = desk.statuses["b-firing"] = 410;
  house.tell(firing("a", house.clock().now_ms()));
  house.tell(firing("b", house.clock().now_ms()));
  house.tell(resolved("a", house.clock().now_ms()));
  house.deliver();
  desk.statuses.clear();
  desk.asked.clear();
  const auto replayed = house.outbox().replay({{}, "on-call"});
  CHECK(replayed.value().queued == 1);
  CHECK(replayed.value().skipped == 1);
  house.deliver();
  CHECK(desk.asked == Ids{"b-firing"});
  CHECK(house.deliveries(DeliveryState::dead).size() == 1);
}

/// Answers only when it is let.
class HeldCalls final : public net::Calls {
 public:
  explicit HeldCalls(net::Calls& calls) : calls_(calls) {}
  void start(std::uint64_t number, const net::ClientRequest& request) override {
    calls_.start(number, request);
  }
  std::vector<Answered> answered() override {
    return hold ? std::vector<Answered>() : calls_.answered();
  }
  void wait(DurationMs at_most_ms) override { calls_.wait(at_most_ms); }
  void wake() override {}
  bool hold = false;

 private:
  net::Calls& calls_;
};

TEST_CASE("a dead letter about an incident whose end is under way stays dead") {
  Desk desk;
  HeldCalls calls(desk.calls);
  OutboxHouse house(calls, everything_to("http://receiver/"));
  desk.statuses["a-firing"] = 410;
  house.tell(firing("a", house.clock().now_ms()));
  house.deliver();
  desk.statuses.clear();
  calls.hold = true;
  house.tell(resolved("a", house.clock().now_ms()));
  house.outbox().deliver();
  REQUIRE(desk.asked.back() == "a-resolved");
  const auto replayed = house.outbox().replay({{}, "on-call"});
  CHECK(replayed.value().queued == 0);
  CHECK(replayed.value().skipped == 1);
  calls.hold = false;
  house.deliver();
  CHECK(desk.asked == Ids{"a-firing", "a-resolved"});
}

TEST_CASE("a letter that died after that of its end does not go out behind it") {
  Desk desk(410);
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  house.tell(firing("a", house.clock().now_ms()));
  house.tell(resolved("a", house.clock().now_ms()));
  house.deliver();
  REQUIRE(house.outbox().replay({{"a-firing"}, ""}).value().queued == 1);
  house.deliver();  // dead again, as the younger of the two
  desk.answer_all(200);
  desk.asked.clear();
  const auto replayed = house.outbox().replay({{}, "on-call"});
  CHECK(replayed.value().queued == 1);
  CHECK(replayed.value().skipped == 1);
  CHECK(house.outbox().replay({{}, "on-call"}).value().skipped == 1);  // still waits
  house.deliver();
  CHECK(desk.asked == Ids{"a-resolved"});
}

TEST_CASE("many dead letters are put back in parts, each once") {
  Desk desk(410);
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  for (int i = 0; i < 1'000; ++i) house.tell(firing(std::to_string(i), house.clock().now_ms()));
  house.deliver();
  desk.answer_all(200);
  desk.asked.clear();
  CHECK(house.outbox().replay({{}, "on-call"}).value().queued == 1'000);
  CHECK(house.outbox().replay({{}, "on-call"}).value().queued == 0);
  house.deliver();
  CHECK(desk.asked.size() == 1'000);
  CHECK(house.deliveries(DeliveryState::dead).empty());
}

}  // namespace
}  // namespace vitals::notify::test
