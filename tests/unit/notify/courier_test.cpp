#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "desk.h"
#include "notify/webhook/signature.h"
#include "outbox_house.h"
#include "webhook_receiver.h"

namespace vitals::notify::test {
namespace {

using nlohmann::json;

TEST_CASE("a receiver that hangs delays nobody else") {
  WebhookReceiver hangs;
  WebhookReceiver good;
  hangs.answer(0);
  const auto calls = net::make_calls();
  Options options = everything_to(hangs.url());
  options.receivers[0].timeout_ms = 300'000;
  options.receivers.push_back(webhook_receiver("other", good.url()));
  options.routes.routes = {route_to("on-call", {}, true), route_to("other")};
  OutboxHouse house(*calls, options);
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 10; ++i) {
      const std::string id = std::to_string(round * 10 + i);
      house.tell(firing(id, house.clock().now_ms()));
    }
    const auto expected = static_cast<std::size_t>(round + 1) * 10;
    while (good.accepted().size() < expected) {
      house.outbox().deliver();
      calls->wait(1'000);
    }
  }
  CHECK(hangs.accepted().empty());
  CHECK(hangs.received().size() <= 8);
}

TEST_CASE("a refusal of one incident holds up only that one") {
  Desk desk;
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  desk.statuses["a-firing"] = 422;
  for (const char* id : {"a", "b"}) {
    house.tell(firing(id, house.clock().now_ms()));
    house.tell(resolved(id, house.clock().now_ms()));
  }
  const TimeMs next = house.deliver();
  CHECK(desk.asked == Ids{"a-firing", "b-firing", "b-resolved"});
  CHECK(house.outbox().receivers().at(0).circuit == ReceiverState::Circuit::closed);
  desk.statuses.clear();
  house.clock().set(next);
  CHECK(house.deliver() == kNothingWaits);
  CHECK(desk.asked.back() == "a-resolved");
}

TEST_CASE("a notification that breaks its receiver does not hold up the others") {
  Desk desk;
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  desk.statuses["a-firing"] = 500;
  house.tell(firing("a", house.clock().now_ms()));
  house.deliver();
  for (int i = 0; i < 100; ++i) house.tell(firing("b" + std::to_string(i), house.clock().now_ms()));
  house.deliver_for(10 * 60'000);
  CHECK(house.deliveries(DeliveryState::delivered).size() == 100);
  CHECK(house.deliveries(DeliveryState::waiting).size() == 1);
}

TEST_CASE("after an outage everything goes out with the first success") {
  Desk desk(503);
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  for (int i = 0; i < 100; ++i) house.tell(firing(std::to_string(i), house.clock().now_ms()));
  house.deliver_for(12 * 3'600'000);
  CHECK(desk.asked.size() < 60);
  CHECK(house.deliveries(DeliveryState::delivered).empty());
  CHECK_THAT(house.metrics(),
             Catch::Contains("vitals_receiver_circuit_open{receiver=\"on-call\"} 1"));
  CHECK_THAT(house.metrics(),
             Catch::Contains("vitals_notifications_waiting{receiver=\"on-call\"} 100"));
  desk.answer_all(200);
  house.clock().set(house.outbox().receivers().at(0).opens_at);
  const TimeMs up = house.clock().now_ms();
  house.deliver_for(6'000);  // those that were under way when it went down waited by themselves
  CHECK(house.deliveries(DeliveryState::delivered).size() == 100);
  CHECK(house.clock().now_ms() == up + 6'000);
  CHECK_THAT(house.metrics(),
             Catch::Contains("vitals_receiver_circuit_open{receiver=\"on-call\"} 0"));
}

TEST_CASE("what waits behind an open circuit is given up in time, too") {
  Desk desk(503);
  Options options = everything_to("http://receiver/");
  OutboxHouse house(desk.calls, options);
  for (int i = 0; i < 1'000; ++i) house.tell(firing(std::to_string(i), house.clock().now_ms()));
  house.deliver_for(options.give_up_ms + 3'600'000);
  const auto dead = house.deliveries(DeliveryState::dead);
  REQUIRE(dead.size() == 1'000);
  for (const Delivery& one : dead) CHECK(one.last_error == "HTTP 503");
  CHECK(desk.asked.size() < 250);
}

TEST_CASE("what a full disk does not note is not sent again") {
  Desk desk;
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  house.tell(firing("a", house.clock().now_ms()));
  house.store().fill();
  house.deliver();
  house.deliver_for(60'000);
  CHECK(desk.asked.size() == 1);
  CHECK(house.deliveries(DeliveryState::waiting).size() == 1);
  house.store().make_room();
  CHECK(house.deliver_for(60'000) == kNothingWaits);
  CHECK(desk.asked.size() == 1);
  CHECK(house.deliveries(DeliveryState::delivered).size() == 1);
}

TEST_CASE("what was not committed is not told, and a later try is") {
  Desk desk;
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  store::WriteBatch lost;
  house.outbox().enqueue({Event::firing, firing("a", house.clock().now_ms())}, lost);
  CHECK(house.deliver() == kNothingWaits);
  house.tell(firing("a", house.clock().now_ms()));
  house.deliver();
  CHECK(desk.asked == Ids{"a-firing"});
}

TEST_CASE("a rate limit holds rows back, and loses none") {
  Desk desk;
  Options options = everything_to("http://receiver/");
  options.receivers[0].rate_max = 10;
  options.receivers[0].rate_per_ms = 60'000;
  OutboxHouse house(desk.calls, options);
  for (int i = 0; i < 50; ++i) house.tell(firing(std::to_string(i), house.clock().now_ms()));
  house.deliver();
  CHECK(desk.asked.size() == 10);
  house.deliver_for(60'000);
  CHECK(desk.asked.size() == 20);
  house.deliver_for(5 * 60'000);
  CHECK(desk.asked.size() == 50);
}

TEST_CASE("a firing alert is told again until somebody acknowledges it") {
  Desk desk;
  Options options = everything_to("http://receiver/");
  options.routes.repeat_ms = 3'600'000;
  OutboxHouse house(desk.calls, options);
  const TimeMs start = house.clock().now_ms();
  house.tell(firing("a", start));
  house.deliver_for(3'599'999);
  CHECK(desk.asked == Ids{"a-firing"});
  desk.answer_all(503);
  house.clock().advance(1);
  house.deliver();
  house.reopen();  // the same repeat, not another
  desk.answer_all(200);
  house.deliver();
  const std::string again = "a-firing-again-" + std::to_string(start + 3'600'000);
  CHECK(desk.asked == Ids{"a-firing", again, again});
  house.deliver_for(3'600'000);
  CHECK(desk.asked.size() == 4);

  model::Alert taken = firing("a", start);
  taken.status = model::AlertStatus::acknowledged;
  house.tell(Event::acknowledged, taken);
  CHECK(house.deliver_for(10 * 3'600'000) == kNothingWaits);
  CHECK(desk.asked.size() == 5);
  house.tell(resolved("a", start));
  CHECK(house.deliver() == kNothingWaits);
  house.reopen();
  CHECK(house.deliver() == kNothingWaits);
}

model::Alert with_action(const std::string& id, TimeMs now) {
  model::Alert alert = firing(id, now);
  alert.action =
      model::AlertAction{"roll-back", model::AlertAction::State::requested, true, "v6", "ana", ""};
  return alert;
}

Options with_roll_back() {
  Options options = everything_to("http://receiver/");
  options.actions = {Action{"roll-back", WebhookTarget{"http://deployer/", kSecret, {}}}};
  return options;
}

TEST_CASE("an action is a signed request, and who asked is told what came of it") {
  Desk desk;
  OutboxHouse house(desk.calls, with_roll_back());
  std::vector<std::pair<std::string, std::string>> outcomes;
  const auto listen = [&] {
    house.outbox().on_action_done([&](const std::string& incident, const std::string& error) {
      outcomes.emplace_back(incident, error);
    });
  };
  listen();
  house.request_action(with_action("a", house.clock().now_ms()));
  CHECK(house.deliver() == kNothingWaits);
  REQUIRE(desk.requests.size() == 1);
  CHECK(desk.requests[0].url == "http://deployer/");
  const json body = json::parse(desk.requests[0].body);
  CHECK(body["type"] == "action.requested");
  CHECK(body["data"]["action"] == "roll-back");
  CHECK(body["data"]["dry_run"] == true);
  CHECK(body["data"]["rollback_to"] == "v6");
  CHECK(body["data"]["approved_by"] == "ana");
  CHECK(body["data"]["alert"]["id"] == "a");
  CHECK(header(desk.requests[0], "webhook-signature") ==
        webhook::sign(*webhook::parse_secrets(kSecret), desk.asked[0],
                      house.clock().now_ms() / 1000, desk.requests[0].body));
  CHECK(outcomes == std::vector{std::pair<std::string, std::string>{"a", ""}});

  desk.answer_all(500);
  house.request_action(with_action("b", house.clock().now_ms()));
  house.deliver_for(6 * 60'000);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[1] == std::pair<std::string, std::string>{"b", "HTTP 500"});
  CHECK(house.outbox().replay({{}, "action:roll-back"}).value().queued == 0);

  outcomes.clear();
  house.reopen();  // whoever was told may have forgotten
  listen();
  house.deliver();
  CHECK(outcomes.size() == 2);
  house.clock().advance(2 * 86'400'000);
  house.reopen();
  listen();
  house.deliver();
  CHECK(outcomes.size() == 2);
}

TEST_CASE("an action that its receiver refuses has failed at once, unless it asks for later") {
  Desk desk;
  OutboxHouse house(desk.calls, with_roll_back());
  std::vector<std::string> errors;
  house.outbox().on_action_done(
      [&](const std::string&, const std::string& why) { errors.push_back(why); });
  desk.answer_all(422);
  house.request_action(with_action("a", house.clock().now_ms()));
  CHECK(house.deliver() == kNothingWaits);
  CHECK(errors == std::vector<std::string>{"HTTP 422"});
  for (const int later : {408, 425, 429}) {
    CAPTURE(later);
    desk.answer_all(later);
    house.request_action(with_action(std::to_string(later), house.clock().now_ms()));
    CHECK(house.deliver() != kNothingWaits);
    CHECK(errors.size() == 1);
    desk.answer_all(200);
    house.deliver_for(60'000);
    errors.pop_back();
  }
}

TEST_CASE("an action that is not configured is answered with that") {
  Desk desk;
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  std::string error;
  house.outbox().on_action_done([&](const std::string&, const std::string& why) { error = why; });
  house.request_action(with_action("a", house.clock().now_ms()));
  house.deliver();
  CHECK(error == "the receiver is not configured any more");
}

TEST_CASE("an outcome that is not committed is not told yet") {
  Desk desk;
  OutboxHouse house(desk.calls, with_roll_back());
  int told = 0;
  house.outbox().on_action_done([&](const std::string&, const std::string&) { ++told; });
  house.request_action(with_action("a", house.clock().now_ms()));
  house.store().fill();
  house.deliver_for(60'000);
  CHECK(desk.asked.size() == 1);
  CHECK(told == 0);
  house.store().make_room();
  house.deliver_for(60'000);
  CHECK(told == 1);
}

TEST_CASE("heartbeats go on as long as the spine is well") {
  Desk desk;
  Options options = everything_to("http://receiver/");
  options.heartbeats = {{"on-call", 30'000}};
  OutboxHouse house(desk.calls, options);
  house.deliver_for(120'000);
  CHECK(desk.asked.empty());
  const auto live = [&](int seconds) {
    for (int second = 0; second < seconds; ++second) {
      house.outbox().alive(house.clock().now_ms());
      house.deliver_for(1'000);
    }
  };
  live(61);
  CHECK(desk.asked.size() == 3);
  CHECK(json::parse(desk.requests[0].body)["type"] == "heartbeat");
  house.deliver_for(10 * 60'000);  // the spine hangs
  CHECK(desk.asked.size() == 3);
  desk.answer_all(503);
  live(61);
  CHECK(desk.asked.size() == 6);  // each in its time, none again
  CHECK(house.deliveries().empty());
  CHECK_THAT(house.metrics(),
             Catch::Contains("vitals_heartbeats_total{receiver=\"on-call\",outcome=\"failed\"} 3"));
}

TEST_CASE("after a stall of an hour the next is noticed no later than after minutes") {
  Desk desk;
  Options options = everything_to("http://receiver/");
  options.heartbeats = {{"on-call", 30'000}};
  OutboxHouse house(desk.calls, options);
  house.outbox().alive(house.clock().now_ms());
  house.clock().advance(3'600'000);
  house.outbox().alive(house.clock().now_ms());
  house.deliver_for(3'600'000);
  CHECK_FALSE(desk.asked.empty());
  CHECK(desk.asked.size() <= 7);
}

}  // namespace
}  // namespace vitals::notify::test
