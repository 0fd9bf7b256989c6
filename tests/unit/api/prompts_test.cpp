#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api_house.h"

namespace vitals::test {
namespace {

using nlohmann::json;

net::Response post(ApiHouse& house, const json& body) {
  return house.ask(ApiHouse::request("POST", "/api/v1/prompts", body.dump()));
}

json version(const std::string& text = "Answer in one sentence.") {
  return {{"prompt", "triage"}, {"version", "v1"}, {"text", text}};
}

TEST_CASE("a registered version is answered with what its text says") {
  ApiHouse house;
  const auto answer = post(house, version());
  REQUIRE(answer.status == 200);
  const json document = json::parse(answer.body);
  CHECK(document.at("prompt") == "triage");
  CHECK(document.at("parent").is_null());
  CHECK(document.at("registered_at") == house.clock.now_ms());
  CHECK(document.at("traits").size() == model::kTraitCount);
  CHECK(document.at("traits").at("redundancy").is_number());
  CHECK(document.at("counts").at("words") == 4);
}

TEST_CASE("a version that is none is refused, naming the member") {
  json without = version();
  without.erase("text");
  json nameless = version();
  nameless["prompt"] = "";
  json long_name = version();
  long_name["version"] = std::string(257, 'v');
  json control = version();
  control["prompt"] = std::string("a\0b", 3);
  json orphan = version();
  orphan["parent"] = "v0";
  const auto [body, status, member] = GENERATE_COPY(table<json, int, std::string>({
      {without, 400, "text: is required"},
      {nameless, 400, "prompt: is required"},
      {long_name, 400, "version: is longer than 256 bytes"},
      {control, 400, "prompt: has control characters"},
      {version(std::string(200'001, 'x')), 400, "text: is longer than 200000 bytes"},
      {version(" \n"), 400, "text: is blank"},
      {orphan, 422, "parent: triage has no version v0"},
  }));
  ApiHouse house;
  const auto answer = post(house, body);
  CHECK(answer.status == status);
  CHECK(json::parse(answer.body).at("detail") == member);
}

TEST_CASE("what is not registered is not found, and a first version has nothing before it") {
  ApiHouse house;
  const auto [path, status] = GENERATE(table<std::string, int>({
      {"/api/v1/prompts/triage/versions", 404},
      {"/api/v1/prompts/triage/versions/v1", 404},
      {"/api/v1/prompts/triage/versions/v1/diff", 404},
      {"/api/v1/prompts/triage/versions?limit=1", 400},
  }));
  CHECK(house.ask(ApiHouse::request("GET", path)).status == status);
}

TEST_CASE("a text is analysed without being kept") {
  ApiHouse house;
  const std::string text = "Maybe answer in one sentence.";
  int kept = 0;
  house.api.handle(ApiHouse::request("GET", "/api/v1/prompts"), [&kept](const auto& answer) {
    kept = static_cast<int>(json::parse(answer.body).at("prompts").size());
  });
  const auto answer =
      house.ask(ApiHouse::request("POST", "/api/v1/prompts/analyse", json{{"text", text}}.dump()));
  REQUIRE(answer.status == 200);
  const json document = json::parse(answer.body);
  CHECK(document.at("traits").size() == model::kTraitCount);
  CHECK(document.at("findings").at(0).at("line") == 1);
  CHECK(document.at("counts").at("words") == 5);
  CHECK(kept == 0);
}

TEST_CASE("a text that is none is not analysed") {
  const auto [body, reason] = GENERATE(table<std::string, std::string>({
      {"{}", "text: is required"},
      {R"({"text":" "})", "text: is blank"},
      {R"({"text":7})", "text: "},
  }));
  ApiHouse house;
  const auto answer = house.ask(ApiHouse::request("POST", "/api/v1/prompts/analyse", body));
  CHECK(answer.status == 400);
  CHECK_THAT(json::parse(answer.body).at("detail").get<std::string>(), Catch::StartsWith(reason));
}

TEST_CASE("comments give executions their sentiment") {
  ApiHouse house;
  house.store(R"({"id":"a","prompt":"triage","feedback":{"comment":"Great, I love it!"}})");
  const auto answer = house.ask(ApiHouse::request("GET", "/api/v1/executions/a"));
  const json event = json::parse(answer.body);
  CHECK(event.at("feedback").at("sentiment").get<double>() > 0.5);
  CHECK_FALSE(event.at("feedback").contains("comment"));
}

}  // namespace
}  // namespace vitals::test
