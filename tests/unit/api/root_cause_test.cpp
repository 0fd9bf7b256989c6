#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api_house.h"

namespace vitals::test {
namespace {

using json = nlohmann::json;

/// Executions of a minute, of which so many fail.
std::string executions(TimeMs time, const std::string& version, int good, int bad) {
  json all = json::array();
  for (int i = 0; i < good + bad; ++i) {
    all.push_back({{"time", time + i},
                   {"prompt", "p"},
                   {"version", version},
                   {"environment", "production"},
                   {"status", i < good ? "success" : "error"}});
  }
  return all.dump();
}

TEST_CASE("the root cause of a change is told in numbers and in words") {
  ApiHouse house;
  const TimeMs now = house.clock.now_ms();
  house.store(executions(now - 5'400'000, "v7", 190, 10));
  house.store(executions(now - 1'800'000, "v7", 95, 5));
  house.store(executions(now - 1'800'000, "v8", 50, 50));
  const net::Response answer = house.ask(ApiHouse::request(
      "GET",
      "/api/v1/analysis/root-cause?metric=execution_success_rate&filter=prompt:p&window=1h"));
  REQUIRE(answer.status == 200);
  const json document = json::parse(answer.body);
  CHECK(document["composition"] == "average");
  CHECK(document["before"] == 95);
  CHECK(document["after"] == 72.5);
  CHECK(document["baseline_from"] == now - 7'200'000 + 1);
  CHECK(document["complete"] == true);
  CHECK(document["text"] ==
        "version v8: 100 % of the additional errors; it succeeds in 50 % against 95 % of the "
        "others");
  REQUIRE(document["explanations"].size() == 1);
  const json& found = document["explanations"][0];
  CHECK(found["dimension"] == "version");
  CHECK(found["causes"][0]["label"] == "v8");
  CHECK(found["causes"][0]["before"].is_null());
  CHECK(found["causes"][0]["after"] == 50);
  CHECK(found["causes"][0]["count_after"] == 100);
  CHECK(found["causes"][0]["change"] == Approx(-22.5));
  CHECK(found["others"]["after"] == 95);
}

TEST_CASE("a question for a root cause that makes no sense says what is wrong") {
  const auto [query, reason] = GENERATE(table<std::string, std::string>(
      {{"window=1h", "metric: is missing"},
       {"metric=nothing", "unknown metric 'nothing'"},
       {"metric=errors&dimensions=colour", "dimensions: unknown field 'colour'"},
       {"metric=errors&baseline_from=now", "baseline_from: must be before baseline_to"},
       {"metric=errors&group_by=prompt", "group_by: this parameter is not known here"}}));
  CAPTURE(query);
  ApiHouse house;
  const net::Response answer =
      house.ask(ApiHouse::request("GET", "/api/v1/analysis/root-cause?" + query));
  CHECK(answer.status == 400);
  CHECK_THAT(json::parse(answer.body)["detail"].get<std::string>(), Catch::Contains(reason));
}

TEST_CASE("a metric is told with its interval where one is asked for") {
  const auto ask = [](const std::string& target) {
    ApiHouse house;
    house.store(executions(house.clock.now_ms() - 60'000, "v7", 90, 10));
    return house.ask(ApiHouse::request("GET", "/api/v1/metrics/" + target));
  };
  const net::Response answer = ask("execution_success_rate?confidence=95");
  REQUIRE(answer.status == 200);
  const json group = json::parse(answer.body)["groups"][0];
  // Wilson's interval of 90 of 100.
  CHECK(group["interval"][0].get<double>() == Approx(82.56).margin(0.01));
  CHECK(group["interval"][1].get<double>() == Approx(94.48).margin(0.01));
  CHECK_FALSE(json::parse(ask("execution_success_rate").body)["groups"][0].contains("interval"));
  CHECK(json::parse(ask("duration_ms?confidence=95").body)["groups"][0]["interval"].is_null());
  CHECK(ask("execution_success_rate?confidence=100").status == 400);
  CHECK(ask("execution_success_rate?confidence=much").status == 400);
}

}  // namespace
}  // namespace vitals::test
