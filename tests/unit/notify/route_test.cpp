#include <functional>

#include <catch2/catch.hpp>

#include "outbox_house.h"

namespace vitals::notify {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("an alert goes to the first route that matches, or on where it is told to") {
  const model::Alert alert = test::firing("a", 1);
  Route root{"default", {}, false, {}};
  CHECK(route(root, alert) == Names{"default"});
  root.routes = {{"wrong", {{"severity", "warning"}}, false, {}},
                 {"critical", {{"severity", "critical"}, {"prompt", "checkout"}}, true, {}},
                 {"rule", {{"rule", "success-rate-collapse"}}, false, {}},
                 {"never asked", {}, false, {}}};
  CHECK(route(root, alert) == Names{"critical", "rule"});

  root.routes[2].routes = {{"deep", {{"alert", "A2"}}, true, {}}, {"", {{"team", ""}}, false, {}}};
  CHECK(route(root, alert) == Names{"critical", "deep", "rule"});
  root.routes[2].receiver = "";  // its parent's
  CHECK(route(root, alert) == Names{"critical", "deep", "default"});
  root.routes = {{"default", {}, true, {}}, {"", {}, true, {}}};
  CHECK(route(root, alert) == Names{"default"});
  CHECK(route(Route{}, alert).empty());
}

std::string refusal(const std::function<void(Options&)>& change) {
  Options options = test::everything_to("https://receiver/");
  change(options);
  const Status status = validate(options);
  return status ? "" : status.error().message;
}

TEST_CASE("options that make no sense are refused") {
  CHECK(refusal([](Options&) {}).empty());
  CHECK(validate(Options{}).ok());
  CHECK(refusal([](Options& o) { o.receivers[0].name = ""; }) ==
        "receiver '': name: must be 1 to 128 printable characters");
  CHECK(refusal([](Options& o) { o.receivers[0].url = "ftp://x"; }) ==
        "receiver 'on-call': url: must begin with http:// or https://");
  CHECK(refusal([](Options& o) { o.receivers[0].secret = "hunter2"; }) ==
        "receiver 'on-call': secret: must be whsec_ and base64 of 24 to 64 bytes");
  CHECK(refusal([](Options& o) { o.receivers[0].timeout_ms = 0; }) ==
        "receiver 'on-call': timeout: must be from 100ms to 5m");
  CHECK(refusal([](Options& o) { o.receivers[0].headers["x"] = "a\r\nb"; }) ==
        "receiver 'on-call': headers: names and values must be printable");
  CHECK(refusal([](Options& o) { o.receivers.push_back(o.receivers[0]); }) ==
        "receiver 'on-call' is there twice");
  CHECK(refusal([](Options& o) {
          o.routes.routes = {{"nobody", {}, false, {}}};
        }) == "routes: there is no receiver 'nobody'");
  CHECK(refusal([](Options& o) { o.retry_max_ms = 1; }) ==
        "retries: the first wait must be positive and at most the longest");
  CHECK(refusal([](Options& o) { o.lanes = 0; }) == "lanes: must be from 1 to 64");
}

}  // namespace
}  // namespace vitals::notify
