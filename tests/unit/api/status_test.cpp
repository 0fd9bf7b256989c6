#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api_house.h"

namespace vitals::test {
namespace {

TEST_CASE("the status says how the configuration was read last") {
  ApiHouse taken;
  taken.config.loaded_at = 1'790'000'000'000;
  const auto status = [](ApiHouse& house) {
    return nlohmann::json::parse(house.ask(ApiHouse::request("GET", "/api/v1/status")).body)
        .at("configuration");
  };
  CHECK(status(taken) == nlohmann::json{{"loaded_at", 1'790'000'000'000},
                                        {"refused_at", nullptr},
                                        {"error", nullptr}});
  ApiHouse refused;
  refused.config = {1'790'000'000'000, 1'790'000'060'000, "vitals.yaml:3: x: unknown key"};
  CHECK(status(refused) == nlohmann::json{{"loaded_at", 1'790'000'000'000},
                                          {"refused_at", 1'790'000'060'000},
                                          {"error", "vitals.yaml:3: x: unknown key"}});
}

TEST_CASE("the status says of what age the key of pseudonyms is, and how many are retired") {
  const auto keys = [](ApiHouse& house) {
    const auto status = house.ask(ApiHouse::request("GET", "/api/v1/status"));
    return nlohmann::json::parse(status.body).at("pseudonym_keys");
  };
  ApiHouse fresh, rotated;
  CHECK(keys(fresh) == nlohmann::json{{"made_at", nullptr}, {"retired", 0}});
  REQUIRE(rotated.pseudonyms().rotate(1'790'000'000'000));
  CHECK(keys(rotated) == nlohmann::json{{"made_at", 1'790'000'000'000}, {"retired", 1}});
}

}  // namespace
}  // namespace vitals::test
