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

std::vector<std::string> ids_of(const std::vector<Received>& all, const std::string& incident) {
  std::vector<std::string> ids;
  for (const Received& one : all) {
    if (one.id.starts_with(incident + "-")) ids.push_back(one.id);
  }
  return ids;
}

TEST_CASE("a receiver that fails, goes away and comes back hears of each incident in order") {
  WebhookReceiver receiver;
  const auto calls = net::make_calls();
  OutboxHouse house(*calls, everything_to(receiver.url()));
  const TimeMs start = house.clock().now_ms();

  receiver.follow(
      [](std::size_t call) { return std::pair(call < 3 ? 500 : 204, WebhookReceiver::Headers{}); });
  house.tell(firing("a", start));
  house.tell(resolved("a", start + 1));
  CHECK(house.deliver() > start);
  CHECK(receiver.received().size() == 1);
  house.deliver_for(5 * 60'000);
  CHECK(receiver.accepted().size() == 2);
  CHECK(receiver.received().size() == 5);
  for (const Received& one : receiver.received()) {
    if (one.id == "a-firing") CHECK(one.body == receiver.received()[0].body);
  }
  CHECK(house.deliveries().back().attempts == 4);

  receiver.down();
  house.tell(firing("b", start + 2));
  house.tell(resolved("b", start + 3));
  house.tell(firing("c", start + 3));
  house.deliver_for(3'600'000);
  CHECK(house.deliveries().at(0).state == DeliveryState::waiting);
  CHECK_FALSE(house.outbox().receivers().at(0).last_error.empty());
  CHECK(house.outbox().receivers().at(0).waiting == 3);
  receiver.up();
  house.deliver_for(2 * 3'600'000);
  CHECK(house.deliver() == kNothingWaits);

  using Ids = std::vector<std::string>;
  CHECK(ids_of(receiver.accepted(), "a") == Ids{"a-firing", "a-resolved"});
  CHECK(ids_of(receiver.accepted(), "b") == Ids{"b-firing", "b-resolved"});
  CHECK(ids_of(receiver.accepted(), "c") == Ids{"c-firing"});
  for (const Received& one : receiver.received()) {
    check_signature(one);
    CHECK(one.idempotency_key == one.id);
    CHECK(one.content_type == "application/json");
  }
  const auto log = house.deliveries();
  REQUIRE(log.size() == 5);
  for (const Delivery& delivery : log) CHECK(delivery.state == DeliveryState::delivered);
  CHECK_THAT(house.metrics(), Catch::Contains("outcome=\"delivered\"} 5"));
}

TEST_CASE("the body says what happened in the names of the API") {
  WebhookReceiver receiver;
  const auto calls = net::make_calls();
  OutboxHouse house(*calls, everything_to(receiver.url()));
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
  const auto calls = net::make_calls();
  OutboxHouse house(*calls, everything_to(receiver.url()));
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
  const auto calls = net::make_calls();
  OutboxHouse house(*calls, everything_to(receiver.url()));
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
  const auto calls = net::make_calls();
  Options options = everything_to(receiver.url());
  options.give_up_ms = 600'000;
  OutboxHouse house(*calls, options);
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

TEST_CASE("a receiver that fails delays nobody else, and is tried with one call at a time") {
  WebhookReceiver bad;
  WebhookReceiver good;
  bad.answer(500);
  const auto calls = net::make_calls();
  Options options = everything_to(bad.url());
  options.receivers.push_back(webhook_receiver("other", good.url(), "", {{"x-team", "search"}}));
  options.routes.routes = {route_to("on-call", {{"severity", "critical"}}, true),
                           route_to("other")};
  OutboxHouse house(*calls, options);
  for (int i = 0; i < 20; ++i) house.tell(firing(std::to_string(i), house.clock().now_ms()));
  const TimeMs next = house.deliver();
  CHECK(next > house.clock().now_ms());
  const std::size_t first = bad.received().size();
  CHECK(first <= 8);
  REQUIRE(good.accepted().size() == 20);
  CHECK(good.accepted()[0].signature.empty());

  house.clock().set(next);
  house.deliver();
  CHECK(bad.received().size() == first + 1);
  CHECK(house.outbox().receivers().at(0).circuit == ReceiverState::Circuit::open);
  bad.answer(200);
  house.deliver_for(60'000);
  CHECK(bad.accepted().size() == 20);
  CHECK(house.outbox().receivers().at(0).circuit == ReceiverState::Circuit::closed);
}

}  // namespace
}  // namespace vitals::notify::test
