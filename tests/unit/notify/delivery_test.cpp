#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "notify/webhook/signature.h"
#include "outbox_house.h"
#include "webhook_receiver.h"

namespace vitals::notify::test {
namespace {

using nlohmann::json;

void check_signature(const Received& received) {
  const auto keys = webhook::parse_secrets(kSecret);
  CHECK(received.signature ==
        webhook::sign(*keys, received.id, std::stoll(received.timestamp), received.body));
}

TEST_CASE("a receiver that fails, goes away and comes back gets everything, in order") {
  WebhookReceiver receiver;
  const auto client = net::make_client();
  OutboxHouse house(*client, everything_to(receiver.url()));
  const TimeMs start = house.clock().now_ms();

  receiver.follow(
      [](std::size_t call) { return std::pair(call < 3 ? 500 : 204, WebhookReceiver::Headers{}); });
  house.tell(firing("a", start));
  house.tell(firing("b", start));
  house.tell(resolved("a", start + 1));
  CHECK(house.deliver() > start);
  CHECK(receiver.received().size() == 1);
  house.deliver_for(5 * 60'000);
  REQUIRE(receiver.accepted().size() == 3);
  CHECK(receiver.received().size() == 6);

  receiver.down();
  house.tell(resolved("b", start + 2));
  house.tell(firing("c", start + 3));
  house.deliver_for(3'600'000);
  CHECK(house.deliveries().at(0).state == DeliveryState::waiting);
  CHECK_FALSE(house.deliveries().at(1).last_error.empty());
  receiver.up();
  house.deliver_for(2 * 3'600'000);
  CHECK(house.deliver() == kNothingWaits);

  std::vector<std::string> order;
  for (const Received& one : receiver.accepted()) order.push_back(one.id);
  CHECK(order ==
        std::vector<std::string>{"a-firing", "b-firing", "a-resolved", "b-resolved", "c-firing"});
  for (const Received& one : receiver.received()) {
    check_signature(one);
    CHECK(one.idempotency_key == one.id);
    CHECK(one.content_type == "application/json");
  }
  for (std::size_t retry = 1; retry < 4; ++retry) {
    CHECK(receiver.received()[retry].id == "a-firing");
    CHECK(receiver.received()[retry].body == receiver.received()[0].body);
  }
  const auto log = house.deliveries();
  REQUIRE(log.size() == 5);
  CHECK(log.back().id == "a-firing");
  CHECK(log.back().attempts == 4);
  for (const Delivery& delivery : log) CHECK(delivery.state == DeliveryState::delivered);
  CHECK_THAT(house.metrics(), Catch::Contains("outcome=\"delivered\"} 5"));
}

TEST_CASE("the body says what happened in the names of the API") {
  WebhookReceiver receiver;
  const auto client = net::make_client();
  OutboxHouse house(*client, everything_to(receiver.url()));
  house.tell(firing("0192", house.clock().now_ms()));
  house.deliver();
  const json body = json::parse(receiver.received().at(0).body);
  CHECK(body == json::parse(R"({"type":"alert.firing","timestamp":"2026-09-21T14:13:20.000Z",
    "data":{"id":"0192","rule":"success-rate-collapse","severity":"critical","status":"firing",
    "summary":"Success rate collapsed","labels":{"prompt":"checkout","alert":"A2"},
    "annotations":{"summary":"Success rate collapsed"},
    "metric":"execution_success_rate","value":71.5,"threshold":80.0,"samples":31,
    "pending_since":1790000000000,"firing_since":1790000000000,"resolved_at":null}})"));
}

TEST_CASE("Retry-After is kept to") {
  WebhookReceiver receiver;
  const auto client = net::make_client();
  OutboxHouse house(*client, everything_to(receiver.url()));
  const TimeMs start = house.clock().now_ms();
  receiver.answer(429, {{"Retry-After", "7200"}});
  house.tell(firing("a", start));
  CHECK(house.deliver() == start + 7'200'000);

  receiver.answer(503, {{"Retry-After", "Mon, 21 Sep 2026 20:00:00 GMT"}});
  house.clock().advance(7'200'000);
  CHECK(house.deliver() == 1'790'020'800'000);
  receiver.answer(200);
  house.clock().set(1'790'020'800'000 - 1);
  house.deliver();
  CHECK(receiver.received().size() == 2);
  house.clock().advance(1);
  CHECK(house.deliver() == kNothingWaits);
  CHECK(receiver.accepted().size() == 1);
}

TEST_CASE("410 makes a dead letter at once; redirects are not followed and not final") {
  WebhookReceiver receiver;
  const auto client = net::make_client();
  OutboxHouse house(*client, everything_to(receiver.url()));
  receiver.answer(410);
  house.tell(firing("a", house.clock().now_ms()));
  CHECK(house.deliver() == kNothingWaits);
  REQUIRE(house.deliveries().size() == 1);
  CHECK(house.deliveries()[0].state == DeliveryState::dead);
  CHECK(house.deliveries()[0].last_error == "HTTP 410");

  WebhookReceiver elsewhere;
  receiver.answer(302, {{"Location", elsewhere.url()}});
  house.tell(firing("b", house.clock().now_ms()));
  CHECK(house.deliver() != kNothingWaits);
  CHECK(elsewhere.received().empty());
  CHECK(house.deliveries()[0].state == DeliveryState::waiting);
  CHECK(house.deliveries()[0].last_error == "HTTP 302: redirects are not followed");
}

TEST_CASE("after give_up a notification is a dead letter, and the next one has its turn") {
  WebhookReceiver receiver;
  const auto client = net::make_client();
  Options options = everything_to(receiver.url());
  options.give_up_ms = 600'000;
  OutboxHouse house(*client, options);
  const TimeMs start = house.clock().now_ms();
  receiver.answer(400);
  house.tell(firing("a", start));
  house.clock().advance(300'000);
  house.tell(firing("b", start + 300'000));
  house.deliver_for(300'000);
  receiver.answer(200);
  house.deliver_for(600'000);

  const auto all = house.deliveries();
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == "b-firing");
  CHECK(all[0].state == DeliveryState::delivered);
  CHECK(all[1].id == "a-firing");
  CHECK(all[1].state == DeliveryState::dead);
  CHECK(all[1].last_error == "HTTP 400");
  CHECK(all[1].done_at == start + 600'000);
}

TEST_CASE("a receiver that fails delays nobody else, in its lane or another") {
  for (const std::uint32_t lanes : {1U, 3U}) {
    WebhookReceiver bad;
    WebhookReceiver good;
    bad.answer(500);
    const auto client = net::make_client();
    Options options = everything_to(bad.url());
    options.receivers.push_back(webhook_receiver("other", good.url(), "", {{"x-team", "search"}}));
    options.routes.routes = {route_to("on-call", {{"severity", "critical"}}, true),
                             route_to("other")};
    options.lanes = lanes;
    OutboxHouse house(*client, options);
    CHECK(house.outbox().lanes() == lanes);
    for (const char* id : {"a", "b", "c"}) house.tell(firing(id, house.clock().now_ms()));
    CHECK(house.deliver() > house.clock().now_ms());
    CHECK(bad.received().size() == 1);
    REQUIRE(good.accepted().size() == 3);
    CHECK(good.accepted()[0].signature.empty());
  }
}

}  // namespace
}  // namespace vitals::notify::test
