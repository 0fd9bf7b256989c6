#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api_house.h"

using namespace vitals;
using nlohmann::json;
using test::ApiHouse;

namespace {

/// Two alerts wait for one of two receivers, whose URLs bear secrets.
void fill(ApiHouse& house) {
  notify::Options options;
  for (const char* name : {"ops", "spare"}) {
    notify::Receiver receiver;
    receiver.name = name;
    receiver.target = notify::WebhookTarget{"http://127.0.0.1:1/s3cret", "", {}};
    options.receivers.push_back(receiver);
  }
  options.routes.receiver = "ops";
  REQUIRE(house.outbox().configure(options));
  store::WriteBatch changes;
  for (const char* id : {"a", "b"}) {
    model::Alert alert;
    alert.id = id;
    house.outbox().enqueue({notify::Event::firing, alert}, changes);
  }
  house.commit(changes);
}

json ask(const std::string& target) {
  ApiHouse house;
  fill(house);
  house.outbox().deliver();
  const net::Response answer = house.ask(ApiHouse::request("GET", target));
  CHECK(answer.status == 200);
  CHECK(answer.body.find("s3cret") == std::string::npos);
  return json::parse(answer.body);
}

net::Response replay(const std::string& body) {
  ApiHouse house;
  fill(house);
  return house.ask(ApiHouse::request("POST", "/api/v1/deliveries/replay", body));
}

}  // namespace

TEST_CASE("deliveries are listed by state, receiver and alert") {
  const auto ids = [](const std::string& query) {
    std::vector<std::string> found;
    const json listed = ask("/api/v1/deliveries" + query);
    for (const json& one : listed["deliveries"]) found.push_back(one["id"]);
    return found;
  };
  CHECK(ids("").size() == 2);
  CHECK(ids("?state=waiting&limit=1").size() == 1);
  CHECK(ids("?alert=a&receiver=ops") == std::vector<std::string>{"a-firing"});
  CHECK(ids("?state=dead").empty());
  CHECK(ids("?receiver=spare").empty());
  ApiHouse house;
  CHECK(house.ask(ApiHouse::request("GET", "/api/v1/deliveries?state=lost")).status == 400);
}

TEST_CASE("receivers are listed with what waits for them, without secrets") {
  const json receivers = ask("/api/v1/receivers")["receivers"];
  REQUIRE(receivers.size() == 2);
  CHECK(receivers[0]["name"] == "ops");
  CHECK(receivers[0]["channel"] == "webhook");
  CHECK(receivers[0]["circuit"] == "closed");
  CHECK(receivers[0]["waiting"] == 2);
  CHECK(receivers[1]["waiting"] == 0);
  CHECK(receivers[1]["last_error"].is_null());
}

TEST_CASE("a replay says what it wants, and how many there were") {
  CHECK(json::parse(replay(R"({"receiver":"ops"})").body) == json{{"queued", 0}, {"skipped", 0}});
  CHECK(json::parse(replay(R"({"ids":["a-firing"]})").body) == json{{"queued", 0}, {"skipped", 0}});
  for (const char* wrong :
       {"", "{}", R"({"ids":[]})", R"({"ids":"a"})", R"({"ids":[1]})", R"({"receiver":7})", "[]"}) {
    CAPTURE(wrong);
    CHECK(replay(wrong).status == 400);
  }
}
