// What those who were told of an open incident hear while routes move and silences come and go.
#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "desk.h"

namespace vitals::notify::test {
namespace {

std::size_t asked(const Desk& desk, const std::string& url) {
  return static_cast<std::size_t>(
      std::count_if(desk.requests.begin(), desk.requests.end(),
                    [&url](const net::ClientRequest& r) { return r.url.starts_with(url); }));
}

/// Everything goes to the one of two receivers, again each hour.
Options routed_to(const std::string& receiver, const Target& old) {
  Options options;
  options.receivers = {webhook_receiver("old", ""), webhook_receiver("new", "http://new/")};
  options.receivers[0].target = old;
  options.routes.receiver = receiver;
  options.routes.repeat_ms = kHourMs;
  return options;
}

model::Alert told(model::Alert alert, const std::vector<std::string>& receivers) {
  alert.announced_at = alert.firing_since;
  alert.told = receivers;
  return alert;
}

TEST_CASE("when a reload moves the route, who was told hears the end but no repeats") {
  const bool restart = GENERATE(false, true);
  CAPTURE(restart);
  const WebhookTarget target{"http://old/", "", {}};
  Desk desk;
  OutboxHouse house(desk.calls, routed_to("old", target));
  house.tell(told(firing("a", house.clock().now_ms()), {"old"}));
  house.deliver_for(90 * kMinuteMs);
  REQUIRE(asked(desk, "http://old/") == 2);
  if (restart) {
    house.reopen(routed_to("new", target));
  } else {
    REQUIRE(house.outbox().configure(routed_to("new", target)).ok());
  }
  house.deliver_for(5 * kHourMs);
  CHECK(asked(desk, "http://old/") == 2);
  CHECK(asked(desk, "http://new/") == 0);

  house.tell(told(resolved("a", house.clock().now_ms()), {"old", "new"}));
  CHECK(house.deliver_for(5 * kHourMs) == kNothingWaits);
  CHECK(asked(desk, "http://old/") == 3);
  CHECK(asked(desk, "http://new/") == 1);
}

TEST_CASE("when a reload moves the route back, repeats go on") {
  const WebhookTarget target{"http://old/", "", {}};
  Desk desk;
  OutboxHouse house(desk.calls, routed_to("old", target));
  house.tell(told(firing("a", house.clock().now_ms()), {"old"}));
  house.deliver();
  REQUIRE(house.outbox().configure(routed_to("new", target)).ok());
  house.deliver_for(5 * kHourMs);
  REQUIRE(house.outbox().configure(routed_to("old", target)).ok());
  house.deliver_for(2 * kMinuteMs);
  CHECK(asked(desk, "http://old/") == 2);
}

TEST_CASE("an Alertmanager that the route has left is not refreshed any more") {
  AlertmanagerTarget target;
  target.url = "http://old";
  Desk desk;
  OutboxHouse house(desk.calls, routed_to("old", target));
  house.tell(told(firing("a", house.clock().now_ms()), {"old"}));
  house.deliver_for(10 * kMinuteMs);
  REQUIRE(asked(desk, "http://old/") == 11);
  REQUIRE(house.outbox().configure(routed_to("new", target)).ok());
  house.deliver_for(kHourMs);
  CHECK(asked(desk, "http://old/") == 11);
  model::Alert taken = told(firing("a", house.clock().now_ms()), {"old", "new"});
  house.tell(Event::escalated, taken);  // starts no new refreshing
  house.deliver_for(kHourMs);
  CHECK(asked(desk, "http://old/") == 12);
}

TEST_CASE("who was told and is no receiver any more is left alone") {
  Desk desk;
  OutboxHouse house(desk.calls, everything_to("http://receiver/"));
  house.tell(told(resolved("a", house.clock().now_ms()), {"gone", "on-call"}));
  CHECK(house.deliver() == kNothingWaits);
  CHECK(desk.asked == Ids{"a-resolved"});
  CHECK(house.deliveries(DeliveryState::dead).empty());
}

TEST_CASE("what is kept quiet is not told again until it is heard, and its end is told") {
  Desk desk;
  OutboxHouse house(desk.calls, routed_to("new", WebhookTarget{"http://old/", "", {}}));
  house.tell(firing("a", house.clock().now_ms()));
  house.tell(firing("b", house.clock().now_ms()));
  house.deliver_for(30 * kMinuteMs);
  house.outbox().keep_quiet("a", true);
  house.deliver_for(5 * kHourMs);
  CHECK(desk.asked.size() == 2 + 5);  // b's
  CHECK(house.deliver_for(0) <= house.clock().now_ms() + kMinuteMs);

  house.outbox().keep_quiet("a", false);
  house.deliver_for(kMinuteMs);
  CHECK(desk.asked.size() == 2 + 5 + 1);  // a's, which is overdue
  house.outbox().keep_quiet("a", true);
  house.tell(resolved("a", house.clock().now_ms()));
  house.deliver();
  CHECK(desk.asked.back() == "a-resolved");
}

TEST_CASE("of a group only those that are heard are told again") {
  CloudEventsTarget target;
  target.url = "http://old/";
  Options options = routed_to("old", target);
  options.routes.group_by = {"prompt"};
  options.routes.group_wait_ms = kMinuteMs;
  Desk desk;
  OutboxHouse house(desk.calls, options);
  for (const char* id : {"a", "b", "c"}) house.tell(firing(id, house.clock().now_ms()));
  house.deliver_for(2 * kMinuteMs);
  REQUIRE(desk.requests.size() == 1);
  house.outbox().keep_quiet("b", true);
  house.deliver_for(kHourMs);
  REQUIRE(desk.requests.size() == 2);
  CHECK_THAT(desk.requests[1].body, !Catch::Contains(R"("subject":"b")"));
  CHECK_THAT(desk.requests[1].body, Catch::Contains(R"("subject":"c")"));
  house.outbox().keep_quiet("b", false);
  house.deliver_for(kMinuteMs);
  REQUIRE(desk.requests.size() == 3);
  CHECK_THAT(desk.requests[2].body, Catch::Contains(R"("subject":"b")"));
}

TEST_CASE("an Alertmanager does not take what is kept quiet here as over") {
  AlertmanagerTarget target;
  target.url = "http://old";
  Desk desk;
  OutboxHouse house(desk.calls, routed_to("old", target));
  house.tell(firing("a", house.clock().now_ms()));
  house.outbox().keep_quiet("a", true);
  house.deliver_for(10 * kMinuteMs);
  CHECK(desk.requests.size() == 11);
}

}  // namespace
}  // namespace vitals::notify::test
