#include <functional>

#include <catch2/catch.hpp>

#include "notify/row.h"
#include "outbox_house.h"

namespace vitals::notify::test {
namespace {

/// Answers from a function instead of a network.
class ScriptedClient final : public net::Client {
 public:
  using Script = std::function<Result<net::ClientAnswer>(const net::ClientRequest&)>;
  explicit ScriptedClient(Script script) : script_(std::move(script)) {}
  Result<net::ClientAnswer> call(const net::ClientRequest& request) override {
    return script_(request);
  }

 private:
  Script script_;
};

ScriptedClient always(int status) {
  return ScriptedClient([status](const net::ClientRequest&) {
    return net::ClientAnswer{status, {}, ""};
  });
}

TEST_CASE("a restart goes on where the outbox was") {
  int status = 500;
  std::vector<std::string> ids;
  ScriptedClient client([&](const net::ClientRequest& request) {
    for (const auto& [name, value] : request.headers) {
      if (name == "webhook-id") ids.push_back(value);
    }
    return net::ClientAnswer{status, {}, ""};
  });
  OutboxHouse house(client, everything_to("http://receiver/"));
  house.tell(firing("a", house.clock().now_ms()));
  const TimeMs next = house.deliver();
  house.reopen();
  CHECK(house.deliver() == next);
  CHECK(house.deliveries()[0].attempts == 1);
  house.tell(firing("b", house.clock().now_ms()));
  status = 200;
  house.clock().set(next);
  house.deliver();
  CHECK(ids == std::vector<std::string>{"a-firing", "a-firing", "b-firing"});
}

TEST_CASE("rows of a receiver that is gone become dead letters, after a reload or a restart") {
  auto client = always(500);
  for (const bool restart : {false, true}) {
    OutboxHouse house(client, everything_to("http://receiver/"));
    house.tell(firing("a", house.clock().now_ms()));
    house.deliver();
    Options other = everything_to("http://receiver/");
    other.receivers[0].name = other.routes.receiver = "someone-else";
    REQUIRE(house.outbox().configure(other).ok());
    if (restart) house.tell(firing("b", house.clock().now_ms()));
    house.deliver();
    const auto all = house.deliveries();
    CHECK(all.back().state == DeliveryState::dead);
    CHECK(all.back().last_error == "the receiver is not configured any more");
    if (!restart) continue;
    CHECK(all.front().receiver == "someone-else");
    house.reopen();  // without someone-else
    CHECK(house.deliver() == kNothingWaits);
    for (const Delivery& delivery : house.deliveries())
      CHECK(delivery.state == DeliveryState::dead);
  }
}

TEST_CASE("a reload with an error changes nothing") {
  auto client = always(200);
  OutboxHouse house(client, everything_to("http://receiver/"));
  Options broken = everything_to("http://receiver/");
  broken.routes.receiver = "nobody";
  const auto status = house.outbox().configure(broken);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().message == "routes: there is no receiver 'nobody'");
  house.tell(firing("a", house.clock().now_ms()));
  house.deliver();
  CHECK(house.deliveries().at(0).receiver == "on-call");
}

TEST_CASE("the delivery log keeps the newest, dead letters beside it") {
  int status = 200;
  ScriptedClient client([&status](const net::ClientRequest&) {
    return net::ClientAnswer{status, {}, ""};
  });
  Options options = everything_to("http://receiver/");
  options.log_entries_max = 3;
  OutboxHouse house(client, options);
  for (int i = 0; i < 5; ++i) {
    house.clock().advance(1);
    status = i == 0 ? 410 : 200;
    house.tell(firing(std::to_string(i), house.clock().now_ms()));
    house.deliver();
  }
  std::vector<std::string> ids;
  for (const Delivery& delivery : house.deliveries()) ids.push_back(delivery.alert);
  CHECK(ids == std::vector<std::string>{"4", "3", "2", "0"});
  CHECK(house.deliveries(2).size() == 2);
  CHECK(house.deliveries(2)[0].alert == "4");

  house.reopen();
  options.log_entries_max = 1;
  REQUIRE(house.outbox().configure(options).ok());
  CHECK(house.deliveries().size() == 2);
  house.clock().advance(1);
  house.tell(firing("5", house.clock().now_ms()));
  house.deliver();
  REQUIRE(house.deliveries().size() == 2);
  CHECK(house.deliveries()[0].alert == "5");
}

TEST_CASE("a limit of the delivery log that was lowered holds from the start on") {
  int status = 200;
  ScriptedClient client([&status](const net::ClientRequest&) {
    return net::ClientAnswer{status, {}, ""};
  });
  Options options = everything_to("http://receiver/");
  OutboxHouse house(client, options);
  for (int i = 0; i < 6; ++i) {
    house.clock().advance(1);
    status = i % 2 == 0 ? 410 : 200;
    house.tell(firing(std::to_string(i), house.clock().now_ms()));
    house.deliver();
  }
  REQUIRE(house.deliveries().size() == 6);
  options.log_entries_max = 1;
  house.reopen(options);
  std::vector<std::string> ids;
  for (const Delivery& delivery : house.deliveries()) ids.push_back(delivery.alert);
  CHECK(ids == std::vector<std::string>{"5", "4"});
}

TEST_CASE("a row that cannot be read is put aside, and the next one sent") {
  auto client = always(200);
  OutboxHouse house(client, everything_to("http://receiver/"));
  store::WriteBatch damage;
  damage.put(*house.store().table("outbox"), waiting_key("on-call", 0), "{]");
  REQUIRE(house.store().commit(damage, store::Sync::yes).ok());
  house.reopen();
  house.tell(firing("a", house.clock().now_ms()));
  CHECK(house.deliver() == kNothingWaits);
  const auto all = house.deliveries();
  REQUIRE(all.size() == 2);
  CHECK(all[0].state == DeliveryState::delivered);
  CHECK(all[1].state == DeliveryState::dead);
  CHECK_THAT(all[1].last_error, Catch::Contains("damaged"));
}

TEST_CASE("the stored form of a row stays what docs/formats/outbox.md says") {
  Row row;
  row.delivery = {"a-firing",        "on-call",         "a", "firing",  DeliveryState::waiting, 2,
                  1'790'000'000'000, 1'790'000'005'000, 0,   "HTTP 500"};
  row.body = "{\"type\":1}";
  const std::string golden =
      R"({"alert":"a","attempts":2,"body":"{\"type\":1}","created_at":1790000000000,"done_at":0,)"
      R"("event":"firing","format":1,"id":"a-firing","last_error":"HTTP 500",)"
      R"("next_try_at":1790000005000,"receiver":"on-call","state":0})";
  CHECK(encode(row) == golden);
  CHECK(encode(*decode(golden)) == golden);
  CHECK(waiting_key("r", 258) == std::string("wr\0\0\0\0\0\0\0\1\2", 11));
  CHECK(receiver_of(waiting_key("r", 258)) == "r");
  CHECK(number_of(waiting_key("r", 258)) == 258);
  CHECK(numbered_key(Space::dead, 1) == std::string("d\0\0\0\0\0\0\0\1", 9));
  CHECK_FALSE(decode("{\"format\":2}").ok());
  CHECK_FALSE(decode("").ok());
}

}  // namespace
}  // namespace vitals::notify::test
