#include <catch2/catch.hpp>

#include <vitals/wire/signals.h>

namespace vitals::wire {
namespace {

using model::Number;

TEST_CASE("an evaluator's answer is one object with scores") {
  const auto scores = decode_scores(R"({"relevance": 10, "why": [1, {}], "clarity": 0.5,
                                        "accuracy": null, "execution_id": 7})");
  REQUIRE(scores.ok());
  CHECK(*scores ==
        std::vector<std::pair<Number, double>>{{Number::clarity, 0.5}, {Number::relevance, 10}});

  const auto refused = [](std::string_view body) {
    const auto answer = decode_scores(body);
    INFO(body);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == Errc::invalid_argument);
    return answer.error().message;
  };
  CHECK(refused(R"({"overall": 10.5})") == "overall: must be a number from 0 to 10, is 10.5");
  CHECK(refused(R"({"overall": 1, "overall": 2})") == "overall: must not appear twice");
  CHECK(refused("{}").find("says nothing: one of clarity, ") == 0);
  CHECK(refused("7").find("must be a JSON object") != std::string::npos);
  CHECK(refused(R"([{"overall": 1}, {"overall": 2}])") == "must be one JSON object with scores");
  for (const char* body : {"", " ", "[]", "null", "fine", "{\"overall\": 1", "\xff"}) refused(body);
}

}  // namespace
}  // namespace vitals::wire
