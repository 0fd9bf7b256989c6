// POST /api/v1/rules/test
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>

#include "api_house.h"

using namespace vitals;
using nlohmann::json;
using test::ApiHouse;

namespace {

constexpr const char* kRule =
    R"({"name":"success","metric":"execution_success_rate","below":90,"window":"5m","for":"2m",)"
    R"("min_samples":10,"group_by":["prompt","version"]})";

struct Answer {
  int status;
  json body;
};

/// An hour of executions of one prompt that ends now, of which those of ten minutes fail.
void store_hour(ApiHouse& house) {
  const TimeMs start = house.clock.now_ms() - 60 * kMinuteMs;
  json events = json::array();
  for (int i = 0; i < 360; ++i) {
    const bool fails = i >= 120 && i < 180;
    events.push_back(
        {{"time", start + i * 10'000}, {"prompt", "a"}, {"status", fails ? "error" : "success"}});
  }
  house.store(events.dump());
}

Answer test_rules(const std::string& body, bool with_events = false) {
  ApiHouse house;
  if (with_events) store_hour(house);
  const net::Response response = house.ask(ApiHouse::request("POST", "/api/v1/rules/test", body));
  return {response.status, json::parse(response.body)};
}

}  // namespace

TEST_CASE("a rule is back-tested on what is stored") {
  const Answer answer =
      test_rules(R"({"rule":)" + std::string(kRule) + R"(,"from":"now-1h"})", true);
  REQUIRE(answer.status == 200);
  const json& body = answer.body;
  CHECK(body.at("rule") == "success");
  CHECK(body.at("firings") == 1);
  CHECK(body.at("events") == 360);
  CHECK(body.at("step") == 5'000);
  CHECK(body.at("truncated") == false);
  CHECK(body.at("to").get<TimeMs>() - body.at("from").get<TimeMs>() == 60 * kMinuteMs);
  REQUIRE(body.at("groups").size() == 1);
  const json& group = body.at("groups")[0];
  CHECK(group.at("labels") == json{{"prompt", "a"}, {"version", nullptr}});
  const json& incident = group.at("incidents").at(0);
  CHECK(incident.at("worst_value") == 0);
  CHECK(incident.at("firing_since").get<TimeMs>() - incident.at("pending_since").get<TimeMs>() ==
        2 * kMinuteMs);
  CHECK(incident.at("duration_ms") == body.at("firing_ms"));
  CHECK(incident.at("duration_ms") == body.at("longest_ms"));
  CHECK(body.at("share").get<double>() ==
        Approx(incident.at("duration_ms").get<double>() / (60.0 * kMinuteMs)));
}

TEST_CASE("one rule of a file is back-tested by its name") {
  const std::string file =
      "rules:\n  - name: silent\n    absent: 5m\n  - name: rated\n    metric: rating\n    below: "
      "3\n";
  const Answer answer =
      test_rules(json{{"rule_file", file}, {"rule_name", "silent"}, {"step", "1m"}}.dump(), true);
  REQUIRE(answer.status == 200);
  CHECK(answer.body.at("rule") == "silent");
  CHECK(answer.body.at("step") == kMinuteMs);
  CHECK(answer.body.at("firings") == 0);
  CHECK(answer.body.at("groups").empty());
}

TEST_CASE("what is wrong with a rule is told with line, field and reason") {
  Answer answer =
      test_rules(R"({"rule":{"name":"a","metric":"rating","below":"3","colour":"red"}})");
  CHECK(answer.status == 400);
  REQUIRE(answer.body.at("errors").size() == 2);
  CHECK(answer.body.at("errors")[0] == json{{"line", 1},
                                            {"field", "rules[0].below"},
                                            {"reason", "expected a number, without quotes"}});
  CHECK(answer.body.at("errors")[1].at("field") == "rules[0].colour");

  const std::string file =
      "rules:\n  - name: a\n    metric: rating\n    below: 3\n"
      "    annotations: {summary: '{{valu}}'}\n";
  answer = test_rules(json{{"rule_file", file}, {"rule_name", "a"}}.dump());
  CHECK(answer.status == 400);
  REQUIRE(answer.body.at("errors").size() == 1);
  CHECK(answer.body.at("errors")[0].at("line") == 2);
  CHECK(answer.body.at("errors")[0].at("field") == "annotations.summary");
}

TEST_CASE("a name with a line break in it is a mistake as any other") {
  const Answer answer = test_rules(
      R"({"rule":{"name":"a\nb","metric":"rating","below":3,"annotations":{"x":"{{y}}"}}})");
  CHECK(answer.status == 400);
  REQUIRE(answer.body.at("errors").size() == 1);
  CHECK_THAT(answer.body.at("errors")[0].at("reason").get<std::string>(), Catch::Contains("{{y}}"));
}

TEST_CASE("a back-test that cannot be made is refused") {
  CHECK(test_rules("{}").body.at("detail") == "rule_name: is required");
  CHECK(test_rules(R"({"rule_name":"no such"})").status == 404);
  CHECK(test_rules(R"({"rule":{},"rule_name":"a"})").status == 400);
  CHECK(test_rules(R"({"rule_file":5,"rule_name":"a"})").status == 400);
  CHECK(test_rules("[]").status == 400);
  const std::string rule = R"({"rule":)" + std::string(kRule);
  CHECK(test_rules(rule + R"(,"from":"yesterday"})").status == 400);
  CHECK(test_rules(rule + R"(,"from":"now-1h","to":"now-2h"})").body.at("detail") ==
        "from: must be before to");
  CHECK(test_rules(rule + R"(,"from":"now-30d","step":"1s"})").status == 400);
  for (const char* range : {R"("from":-9223372036854775807)", R"("to":9223372036854775807)"}) {
    const Answer far = test_rules(rule + "," + range + "}");
    CHECK(far.status == 400);
    CHECK_THAT(far.body.at("detail").get<std::string>(), Catch::Contains("years 1 to 9999"));
  }
  CHECK(test_rules(rule + "}").status == 200);
}

TEST_CASE("one back-test runs at a time") {
  ApiHouse house;
  const auto request = [] {
    return ApiHouse::request("POST", "/api/v1/rules/test",
                             R"({"rule":)" + std::string(kRule) + "}");
  };
  int first = 0;
  std::optional<net::Response> second;
  house.during_backtest = [&] { second = house.ask(request()); };
  house.api.handle(request(), [&](const net::Response& response) { first = response.status; });
  house.tasks.run();
  CHECK(first == 200);
  REQUIRE(second);
  CHECK(second->status == 503);
  CHECK(second->body.find("another back-test is running") != std::string::npos);
}
