#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/notify/alert_json.h>

#include "notify/row.h"
#include "outbox_house.h"

namespace vitals::notify::test {
namespace {

using nlohmann::json;

ScriptedCalls always(int status) {
  return ScriptedCalls([status](const net::ClientRequest&) {
    return net::ClientAnswer{status, {}, ""};
  });
}

TEST_CASE("a restart goes on where the outbox was") {
  int status = 500;
  std::vector<std::string> ids;
  ScriptedCalls client([&](const net::ClientRequest& request) {
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
  CHECK(ids == std::vector<std::string>{"a-firing", "b-firing", "a-firing"});
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
  ScriptedCalls client([&status](const net::ClientRequest&) {
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
  ScriptedCalls client([&status](const net::ClientRequest&) {
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
  damage.put(*house.store().table("outbox"), numbered_key(Space::waiting, 0), "{]");
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
  row.group = "prompt=p";
  row.message = "a-firing+00ff";
  row.failures = 1;
  row.queued_at = 1'790'000'000'000;
  row.repeat_ms = 60'000;
  row.tried_at = 1'790'000'000'001;
  row.memory = "ts 1";
  const std::string golden =
      R"({"alert":"a","attempts":2,"body":"","created_at":1790000000000,"done_at":0,)"
      R"("event":"firing","failures":1,"format":3,"group":"prompt=p","id":"a-firing",)"
      R"("last_error":"HTTP 500","memory":"ts 1","message":"a-firing+00ff",)"
      R"("next_try_at":1790000005000,"queued_at":1790000000000,"receiver":"on-call",)"
      R"("repeat_ms":60000,"state":0,"tried_at":1790000000001,"told":null})";
  CHECK(encode(row) == golden);
  CHECK(encode(*decode(golden)) == golden);
  row.alert = firing("a", 1);
  CHECK(decode(encode(row))->alert == row.alert);
  CHECK(encode(row, encode(*row.alert)) == encode(row));
  CHECK(numbered_key(Space::waiting, 258) == std::string("q\0\0\0\0\0\0\1\2", 9));
  CHECK(numbered_key(Space::put_back, 1) == std::string("p\0\0\0\0\0\0\0\1", 9));
  CHECK(numbered_key(Space::dead, 1) == std::string("d\0\0\0\0\0\0\0\1", 9));
  CHECK(numbered_key(Space::log, 1) == std::string("l\0\0\0\0\0\0\0\1", 9));
  CHECK(told_key("r", "a") == std::string("tr\0a", 4));
  CHECK(action_key("a") == "aa");
  CHECK(number_of(numbered_key(Space::waiting, 258)) == 258);
  CHECK_FALSE(decode("{\"format\":4}").ok());
  CHECK_FALSE(decode("{\"format\":3}").ok());
  CHECK_FALSE(decode("{\"format\":2}").ok());
  CHECK_FALSE(decode("").ok());
}

TEST_CASE("a row of format 2 has what was told as a text") {
  Row row;
  row.delivery.id = "a-firing";
  row.alert = firing("a", 1);
  json old = json::parse(encode(row));
  old["format"] = 2;
  old["told"] = encode(*row.alert);
  old.erase("tried_at");
  CHECK(decode(old.dump())->alert == row.alert);
  old["told"] = "";
  CHECK_FALSE(decode(old.dump())->alert.has_value());
}

/// As the first version wrote it.
std::string old_row(const std::string& id, const std::string& receiver) {
  return R"({"alert":"a","attempts":2,"body":"{\"type\":\"alert.firing\"}",)"
         R"("created_at":1790000000000,"done_at":0,"event":"firing","format":1,"id":")" +
         id + R"(","last_error":"HTTP 500","next_try_at":1790000005000,"receiver":")" + receiver +
         R"(","state":0})";
}

TEST_CASE("what an earlier version left waiting goes out as it was written, and first") {
  std::vector<std::string> ids;
  std::string body;
  ScriptedCalls calls([&](const net::ClientRequest& request) {
    ids.push_back(header(request, "webhook-id"));
    if (body.empty()) body = request.body;
    return net::ClientAnswer{200, {}, ""};
  });
  OutboxHouse house(calls, everything_to("http://receiver/"));
  store::WriteBatch old;
  old.put(*house.store().table("outbox"), old_key("on-call", 7), old_row("a-firing", "on-call"));
  old.put(*house.store().table("outbox"), old_key("gone", 8), old_row("b-firing", "gone"));
  REQUIRE(house.store().commit(old, store::Sync::yes).ok());
  house.reopen();
  house.tell(resolved("a", house.clock().now_ms()));
  CHECK(house.deliver() == 1'790'000'005'000);
  house.clock().set(1'790'000'005'000);
  CHECK(house.deliver() == kNothingWaits);
  CHECK(ids == std::vector<std::string>{"a-firing", "a-resolved"});
  CHECK(body == R"({"type":"alert.firing"})");
  const auto dead = house.outbox().deliveries({DeliveryState::dead, {}, {}, 10});
  REQUIRE(dead->size() == 1);
  CHECK(dead->front().id == "b-firing");
}

}  // namespace
}  // namespace vitals::notify::test
