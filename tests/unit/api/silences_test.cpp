#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/model/matcher.h>

#include "api/silence_effect.h"
#include "api_house.h"

namespace vitals::test {
namespace {

using Warnings = std::vector<std::string>;

rules::Rule rule_by_prompt() {
  rules::Rule rule;
  rule.name = "quality-decline";
  rule.group_by = {"prompt"};
  rule.labels = {{"team", "search"}};
  return rule;
}

model::Alert alert_of(const std::string& prompt) {
  model::Alert alert;
  alert.rule = "quality-decline";
  alert.labels = {{"prompt", prompt}, {"team", "search"}, {"severity", "warning"}};
  return alert;
}

api::SilenceEffect effect(const std::vector<std::string>& matchers) {
  std::vector<model::Filter> parsed;
  for (const std::string& text : matchers) parsed.push_back(need(model::parse_matcher(text)));
  return api::effect_of(parsed, {rule_by_prompt()}, {alert_of("mail"), alert_of("chat")});
}

net::Response post_silence(ApiHouse& house, const std::string& members) {
  return house.ask(ApiHouse::request("POST", "/api/v1/silences",
                                     R"({"by":"ana","reason":"deploy",)" + members + "}"));
}

TEST_CASE("a silence by plain labels is taken as its text says") {
  ApiHouse house;
  const auto answer = post_silence(house, R"("matchers":{"prompt":"check:out"},"duration":"1h")");
  REQUIRE(answer.status == 200);
  CHECK(nlohmann::json::parse(answer.body).at("matchers") ==
        nlohmann::json::array({"prompt:check:out"}));
}

TEST_CASE("a silence says how many open alerts it matches") {
  CHECK(effect({"team:search"}).matching_alerts == 2);
  CHECK(effect({"rule:quality-*", "prompt:mail"}).matching_alerts == 1);
  CHECK(effect({"severity:!critical", "prompt:mail|chat"}).matching_alerts == 2);
  CHECK(effect({"team:search"}).warnings.empty());
}

TEST_CASE("a silence that is hardly meant so is warned of") {
  const std::string nothing = "no open alert matches at present";
  CHECK(effect({"prompt:other"}).warnings == Warnings{nothing});
  CHECK(effect({"promt:mail"}).warnings ==
        Warnings{"no rule gives its alerts the label 'promt'; did you mean 'prompt'?", nothing});
  CHECK(effect({"rule:quality-declin"}).warnings ==
        Warnings{"no rule in force satisfies 'rule:quality-declin'; did you mean "
                 "'quality-decline'?",
                 nothing});
  // It matches every alert, as none has that label.
  CHECK(effect({"environment:!production"}).warnings ==
        Warnings{"no rule gives its alerts the label 'environment'"});
}

TEST_CASE("the answer to a new silence says what it comes to") {
  ApiHouse house;
  const auto answer = nlohmann::json::parse(
      post_silence(house, R"("matchers":["team:search"],"duration":"1h")").body);
  CHECK(answer.at("matching_alerts") == 0);
  CHECK(answer.at("warnings") == nlohmann::json{"no rule gives its alerts the label 'team'",
                                                "no open alert matches at present"});
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
    CHECK(post_silence(house, members).status == 400);
  }
}

}  // namespace
}  // namespace vitals::test
