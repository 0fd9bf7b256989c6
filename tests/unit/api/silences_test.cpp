#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api_house.h"

namespace vitals::test {
namespace {

net::Response post(ApiHouse& house, const std::string& members) {
  return house.ask(ApiHouse::request("POST", "/api/v1/silences",
                                     R"({"by":"ana","reason":"deploy",)" + members + "}"));
}

TEST_CASE("a silence by plain labels is taken as its text says") {
  ApiHouse house;
  const auto answer = post(house, R"("matchers":{"prompt":"check:out"},"duration":"1h")");
  REQUIRE(answer.status == 200);
  CHECK(nlohmann::json::parse(answer.body).at("matchers") ==
        nlohmann::json::array({"prompt:check:out"}));
}

TEST_CASE("a silence that would read back differently is refused") {
  for (const char* members : {
           R"("matchers":{"":"x"},"duration":"1h")",
           R"("matchers":{"prompt":"!x|y"},"duration":"1h")",
           R"("matchers":{"prompt":"x|y"},"duration":"1h")",
           R"("matchers":{"a:b":"x"},"duration":"1h")",
           R"("matchers":[":x"],"duration":"1h")",
           R"("matchers":["a:x"],"until":18446744073709551615)",
           R"("matchers":["a:x"],"from":-9223372036854775808,"duration":"1h")",
           R"("matchers":["a:x"],"from":"9999-12-31T23:59:59Z","duration":"1h")",
       }) {
    ApiHouse house;
    CAPTURE(members);
    CHECK(post(house, members).status == 400);
  }
}

}  // namespace
}  // namespace vitals::test
