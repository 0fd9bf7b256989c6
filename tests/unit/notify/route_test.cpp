#include <functional>

#include <catch2/catch.hpp>

#include <vitals/base/time_text.h>
#include <vitals/model/matcher.h>

#include "outbox_house.h"

namespace vitals::notify {
namespace {

using test::route_to;
using Names = std::vector<std::string>;

Names route(const Route& root, const model::Alert& alert) {
  Names names;
  for (const Recipient& recipient : recipients(root, alert, 1)) {
    names.push_back(recipient.receiver);
  }
  return names;
}

TEST_CASE("an alert goes to the first route that matches, or on where it is told to") {
  const model::Alert alert = test::firing("a", 1);
  Route root = route_to("default");
  CHECK(route(root, alert) == Names{"default"});
  root.routes = {route_to("wrong", {{"severity", "warning"}}),
                 route_to("critical", {{"severity", "critical"}, {"prompt", "checkout"}}, true),
                 route_to("rule", {{"rule", "success-rate-collapse"}}), route_to("never asked")};
  CHECK(route(root, alert) == Names{"critical", "rule"});

  root.routes[2].routes = {route_to("deep", {{"alert", "A2"}}, true), route_to("", {{"team", ""}})};
  CHECK(route(root, alert) == Names{"critical", "deep", "rule"});
  root.routes[2].receiver = "";  // its parent's
  CHECK(route(root, alert) == Names{"critical", "deep", "default"});
  root.routes = {route_to("default", {}, true), route_to("", {}, true)};
  CHECK(route(root, alert) == Names{"default"});
  CHECK(route(Route{}, alert).empty());
}

TEST_CASE("conditions of a route can ask for patterns, alternatives and absence") {
  const model::Alert alert = test::firing("a", 1);
  const auto taken = [&alert](const std::string& matcher) {
    Route root = route_to("default");
    root.routes = {route_to("chosen")};
    root.routes[0].matchers = {*model::parse_matcher(matcher)};
    return route(root, alert) == Names{"chosen"};
  };
  CHECK(taken("prompt:check*"));
  CHECK(taken("severity:warning|critical"));
  CHECK(taken("rule:success-*"));
  CHECK(taken("team:"));
  CHECK_FALSE(taken("severity:!critical"));
  CHECK_FALSE(taken("alert:A1|A3"));
}

TEST_CASE("an incident stays with the route of the time at which it was first told") {
  const TimeMs monday_noon = *parse_rfc3339("2026-11-23T12:00:00Z");
  model::Alert alert = test::firing("a", monday_noon);
  Route root = route_to("night");
  root.routes = {route_to("office")};
  root.routes[0].active = model::Schedule{*model::parse_days({"mon-fri"}), 8 * 60, 18 * 60, {}};
  const auto told = [&](TimeMs now) { return recipients(root, alert, now).at(0).receiver; };
  const DurationMs hour = 3'600'000;
  CHECK(told(monday_noon) == "office");
  CHECK(told(monday_noon + 8 * hour) == "night");
  CHECK(told(monday_noon - 24 * hour) == "night");  // a Sunday
  alert.announced_at = monday_noon;
  CHECK(told(monday_noon + 8 * hour) == "office");
  CHECK(escalation_steps(root, alert, monday_noon + 8 * hour) == 0);
}

TEST_CASE("each escalation adds a receiver, and the end is told to all of them") {
  model::Alert alert = test::firing("a", 1);
  Route root = route_to("first");
  root.escalate = {"second", "first", "third"};
  CHECK(escalation_steps(root, alert, 1) == 3);
  CHECK(route(root, alert) == Names{"first"});
  alert.escalations = 1;
  CHECK(route(root, alert) == Names{"first", "second"});
  alert.escalations = 9;
  CHECK(route(root, alert) == Names{"first", "second", "third"});
  root.routes = {route_to("other", {{"prompt", "checkout"}})};
  CHECK(escalation_steps(root, alert, 1) == 0);
  CHECK(route(root, alert) == Names{"other"});
}

TEST_CASE("who was told is told on when routes lead elsewhere, ungrouped and unrepeated") {
  model::Alert alert = test::firing("a", 1);
  Route root = route_to("new");
  root.group_by = {"prompt"};
  root.repeat_ms = 3'600'000;
  alert.told = {"old", "new"};
  CHECK(recipients(root, alert, 1) ==
        std::vector<Recipient>{{"new", "prompt=checkout", 0, 3'600'000}, {"old", "", 0, 0}});
  CHECK(is_routed(root, alert, "new", 1));
  CHECK_FALSE(is_routed(root, alert, "old", 1));
  root.escalate = {"old"};
  CHECK_FALSE(is_routed(root, alert, "old", 1));
  alert.escalations = 1;
  CHECK(is_routed(root, alert, "old", 1));
}

TEST_CASE("incidents with the same labels share messages, but not those that escalate") {
  model::Alert alert = test::firing("a", 1);
  alert.escalations = 1;
  Route root = route_to("first");
  root.group_by = {"severity", "prompt", "team"};
  root.group_wait_ms = 30'000;
  root.repeat_ms = 3'600'000;
  root.escalate = {"second"};
  CHECK(recipients(root, alert, 1) ==
        std::vector<Recipient>{
            {"first", "severity=critical, prompt=checkout, team=", 30'000, 3'600'000},
            {"second", "", 0, 3'600'000}});
}

Receiver& first(Options& options) { return options.receivers[0]; }
WebhookTarget& webhook(Options& options) { return std::get<WebhookTarget>(first(options).target); }

std::string refusal(const std::function<void(Options&)>& change) {
  Options options = test::everything_to("https://receiver/");
  change(options);
  const Status status = validate(options);
  return status ? "" : status.error().message;
}

TEST_CASE("options that make no sense are refused") {
  CHECK(refusal([](Options&) {}).empty());
  CHECK(validate(Options{}).ok());
  CHECK(refusal([](Options& o) { first(o).name = ""; }) ==
        "receiver '': name: must be 1 to 128 printable characters");
  CHECK(refusal([](Options& o) { first(o).name = "action:x"; }) ==
        "receiver 'action:x': name: must not begin with 'action:', as the destinations of actions "
        "do");
  CHECK(refusal([](Options& o) { webhook(o).url = "ftp://x"; }) ==
        "receiver 'on-call': url: must begin with http:// or https://");
  CHECK(refusal([](Options& o) { webhook(o).secret = "hunter2"; }) ==
        "receiver 'on-call': secret: must be whsec_ and base64 of 24 to 64 bytes");
  CHECK(refusal([](Options& o) { first(o).timeout_ms = 0; }) ==
        "receiver 'on-call': timeout: must be from 100ms to 5m");
  CHECK(refusal([](Options& o) { webhook(o).headers["x"] = "a\r\nb"; }) ==
        "receiver 'on-call': headers: names and values must be printable");
  CHECK(refusal([](Options& o) { o.receivers.push_back(o.receivers[0]); }) ==
        "receiver 'on-call' is there twice");
  CHECK(refusal([](Options& o) { o.routes.routes = {route_to("nobody")}; }) ==
        "routes: there is no receiver 'nobody'");
  CHECK(refusal([](Options& o) { o.routes.escalate = {"nobody"}; }) ==
        "routes: escalate: there is no receiver 'nobody'");
  CHECK(refusal([](Options& o) {
          o.heartbeats = {{"nobody", 60'000}};
        }) == "heartbeats: there is no receiver 'nobody'");
  CHECK(refusal([](Options& o) {
          first(o).target = PagerDutyTarget{std::string(32, 'k'), "https://pager/"};
          o.heartbeats = {{"on-call", 60'000}};
        }) == "heartbeats: receiver 'on-call': this kind of receiver takes no heartbeats");
  CHECK(refusal([](Options& o) {
          o.actions = {{"roll-back", {"nowhere", "", {}}, 10'000, 300'000}};
        }) == "action 'roll-back': url: must begin with http:// or https://");
  CHECK(refusal([](Options& o) { o.retry_max_ms = 1; }) ==
        "retries: the first wait must be positive and at most the longest");
}

}  // namespace
}  // namespace vitals::notify
