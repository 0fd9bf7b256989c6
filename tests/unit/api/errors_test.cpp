#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api_house.h"

namespace vitals::test {
namespace {

using json = nlohmann::json;

json failed(TimeMs time, const std::string& prompt, const json& error) {
  return {
      {"time", time}, {"prompt", prompt}, {"model", "m"}, {"status", "error"}, {"error", error}};
}

json ask(ApiHouse& house, const std::string& query) {
  const net::Response answer = house.ask(ApiHouse::request("GET", "/api/v1/errors?" + query));
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  return json::parse(answer.body);
}

TEST_CASE("errors are told by class, given or derived") {
  ApiHouse house;
  const TimeMs now = house.clock.now_ms();
  house.store(json{
      failed(now - 50, "a", {{"message", "Request timed out."}, {"recovered", true}}),
      failed(now - 40, "a", {{"type", "timeout"}, {"recovered", false}}),
      failed(now - 30, "b", {{"message", "read timeout"}}),
      failed(now - 20, "a", {{"message", "429 Too Many"}, {"type", "RateLimitError"}}),
      failed(now - 10, "a", {{"message", "Deadlock found at row 17"}}),
      failed(now - 9, "a", {{"message", "Deadlock found at row 4"}}),
      failed(now - 8, "a", {{"message", "4711"}}),
      failed(now - 7, "a", {{"detected", true}}),
      {{"prompt", "a"}, {"status", "success"}},
      {{"prompt",
        "a"}}}.dump());
  const json all = ask(house, "window=1h&top=1");
  CHECK(all["executions"] == 10);
  CHECK(all["errors"] == 8);
  CHECK(all["share"] == 0.8);
  CHECK(all["classes_left_out"] == 0);
  REQUIRE(all["classes"].size() == 5);
  CHECK(all["classes"][0] == json{{"type", "timeout"},
                                  {"count", 3},
                                  {"share_of_errors", 0.375},
                                  {"share_of_executions", 0.3},
                                  {"first_seen", now - 50},
                                  {"last_seen", now - 30},
                                  {"detected", nullptr},
                                  {"recovered", 0.5},
                                  {"prompts", json::array({{{"prompt", "a"}, {"count", 2}}})},
                                  {"models", json::array({{{"model", "m"}, {"count", 3}}})},
                                  {"template", nullptr}});
  const json& unknown = all["classes"][1];
  CHECK(unknown["type"].get<std::string>().find("other:deadlock_found_row_") == 0);
  CHECK(unknown["count"] == 2);
  CHECK(unknown["template"] == "deadlock found at row *");
  CHECK(all["classes"][2]["type"].is_null());
  CHECK(all["classes"][2]["detected"] == 1);
  CHECK(all["classes"][3]["type"] == "RateLimitError");
  CHECK(all["classes"][4]["type"] == "other");
  CHECK(all["classes"][4]["template"].is_null());
}

TEST_CASE("what is left out of the classes is counted, and filters are those of queries") {
  ApiHouse house;
  const TimeMs now = house.clock.now_ms();
  house.store(json{failed(now - 3, "a", {{"type", "x"}}),
                   failed(now - 2, "a", {{"type", "x"}}),
                   failed(now - 1, "b", {{"type", "y"}}),
                   {{"prompt", "a"}, {"status", "success"}}}
                  .dump());
  const json some = ask(house, "limit=1&filter=prompt:*");
  CHECK(some["classes"].size() == 1);
  CHECK(some["classes_left_out"] == 1);
}

TEST_CASE("without executions there are no shares") {
  ApiHouse house;
  const json none = ask(house, "filter=prompt:a");
  CHECK(none["executions"] == 0);
  CHECK(none["share"].is_null());
  CHECK(none["classes"].empty());
}

TEST_CASE("a question about errors that makes no sense says what is wrong") {
  const auto [query, reason] = GENERATE(table<std::string, std::string>(
      {{"group_by=prompt", "group_by: this parameter is not known here"},
       {"limit=0", "limit: expected a whole number from 1 to 1000"},
       {"top=21", "top: expected a whole number from 1 to 20"},
       {"filter=colour:red", "unknown field 'colour'"},
       {"filter=user:ann", "filter: this is not told of single users or sessions"},
       {"window=1h&from=now-1h", "window"},
       {"to=now", "to: needs from"}}));
  CAPTURE(query);
  ApiHouse house;
  const net::Response answer = house.ask(ApiHouse::request("GET", "/api/v1/errors?" + query));
  CHECK(answer.status == 400);
  CHECK_THAT(json::parse(answer.body)["detail"].get<std::string>(), Catch::Contains(reason));
}

}  // namespace
}  // namespace vitals::test
