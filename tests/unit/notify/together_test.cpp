#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "outbox_house.h"

namespace vitals::notify::test {
namespace {

using nlohmann::json;

/// Answers what it is told to, and writes down the documents it was sent.
class Archivist {
 public:
  ScriptedCalls calls{[this](const net::ClientRequest& request) -> Result<net::ClientAnswer> {
    urls.push_back(request.url);
    ids.push_back(header(request, "webhook-id"));
    bodies.push_back(json::parse(request.body));
    return net::ClientAnswer{status, {}, answer};
  }};
  int status = 200;
  std::string answer;
  std::vector<std::string> urls;
  std::vector<std::string> ids;
  std::vector<json> bodies;
};

Options grouped(Target target) {
  Options options;
  Receiver receiver;
  receiver.name = "on-call";
  receiver.target = std::move(target);
  options.receivers = {receiver};
  options.routes.receiver = "on-call";
  options.routes.group_by = {"prompt"};
  options.routes.group_wait_ms = 30'000;
  return options;
}

model::Alert of_prompt(const std::string& id, const std::string& prompt, TimeMs now) {
  model::Alert alert = firing(id, now);
  alert.labels["prompt"] = prompt;
  return alert;
}

TEST_CASE("a group waits for others, goes as one message, and is tried again as the same one") {
  Archivist desk;
  desk.status = 503;
  CloudEventsTarget target;
  target.url = "http://receiver/";
  const Options options = grouped(target);
  OutboxHouse house(desk.calls, options);
  const TimeMs start = house.clock().now_ms();
  house.tell(of_prompt("a", "p", start));
  CHECK(house.deliver() == start + 30'000);
  house.clock().advance(10'000);
  house.tell(of_prompt("b", "p", start));
  house.tell(of_prompt("c", "q", start));
  CHECK(house.deliver() == start + 30'000);
  house.clock().advance(20'000);
  house.deliver();
  REQUIRE(desk.bodies.size() == 1);
  CHECK(desk.bodies[0].size() == 2);

  house.reopen();  // its members are settled, whoever comes later
  house.tell(of_prompt("d", "p", start));
  desk.status = 200;
  house.deliver_for(60'000);
  REQUIRE(desk.bodies.size() == 4);
  CHECK(desk.bodies[1] == desk.bodies[0]);
  CHECK(desk.ids[1] == desk.ids[0]);
  CHECK(house.deliveries(DeliveryState::delivered).size() == 4);
  CHECK(house.deliver() == kNothingWaits);
}

TEST_CASE("an open incident is told again for as long as its receiver forgets") {
  Archivist desk;
  AlertmanagerTarget target;
  target.url = "http://alertmanager";
  OutboxHouse house(desk.calls, grouped(target));
  const TimeMs start = house.clock().now_ms();
  for (const char* id : {"a", "b"}) house.tell(of_prompt(id, "p", start));
  house.deliver_for(30'000);
  CHECK(desk.bodies.size() == 1);
  house.reopen();
  house.deliver_for(10 * 60'000);
  CHECK(desk.bodies.size() == 11);
  CHECK(desk.bodies.back().size() == 2);  // together, as they were told
  CHECK(house.deliveries().size() == 2);  // what is only refreshed is not in the log

  model::Alert over = of_prompt("a", "p", start);
  over.status = model::AlertStatus::resolved;
  over.resolved_at = house.clock().now_ms();
  house.tell(over);
  house.deliver_for(5 * 60'000);
  CHECK(desk.bodies.back().size() == 1);
}

TEST_CASE("what a channel remembers of an incident comes with its next message, until it is over") {
  Archivist desk;
  desk.answer = R"({"ok":true,"channel":"C1","ts":"17.5"})";
  SlackTarget target;
  target.token = "xoxb-1";
  target.channel = "#alerts";
  OutboxHouse house(desk.calls, grouped(target));
  const TimeMs start = house.clock().now_ms();
  house.tell(firing("a", start));
  house.deliver();
  house.reopen();
  house.tell(Event::escalated, firing("a", start));
  house.tell(resolved("a", start));
  house.tell(firing("b", start));
  house.deliver();
  REQUIRE(desk.bodies.size() == 4);
  CHECK_FALSE(desk.bodies[0].contains("ts"));
  int updates = 0;
  for (const std::string& url : desk.urls) updates += url.ends_with("/chat.update") ? 1 : 0;
  CHECK(updates == 2);
  house.tell(firing("a", start));  // as if it came back: its message is forgotten
  house.deliver();
  CHECK_FALSE(desk.bodies.back().contains("ts"));
}

}  // namespace
}  // namespace vitals::notify::test
