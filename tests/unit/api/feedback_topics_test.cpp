#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "api_house.h"

namespace vitals::test {
namespace {

using json = nlohmann::json;

json topics(ApiHouse& house, const std::string& query, int status = 200) {
  const net::Response answer =
      house.ask(ApiHouse::request("GET", "/api/v1/feedback/topics?" + query));
  INFO(answer.body);
  REQUIRE(answer.status == status);
  return json::parse(answer.body);
}

json commented(const std::string& prompt, const std::string& comment, double rating) {
  return {{"prompt", prompt}, {"feedback", {{"comment", comment}, {"rating", rating}}}};
}

/// Six about the response time, of which two are of prompt b; four about citations.
json executions() {
  json all = json::array();
  for (int i = 0; i < 4; ++i) all.push_back(commented("a", "The response time is awful!", 1));
  for (int i = 0; i < 2; ++i) all.push_back(commented("b", "I love the response times.", 5));
  for (int i = 0; i < 4; ++i) all.push_back(commented("a", "Citations missing", 2));
  all.push_back({{"prompt", "a"}, {"feedback", {{"rating", 3}}}});
  return all;
}

TEST_CASE("topics are told of comments that are kept, with means and sentences") {
  ApiHouse house({}, {}, true);
  house.store(executions().dump());
  const json all = topics(house, "window=1h");
  CHECK(all["stored"] == true);
  CHECK(all["comments"] == 10);
  CHECK(all["older_left_out"] == false);
  CHECK(all["min_group"] == 5);
  REQUIRE(all["topics"].size() == 1);  // four speak of citations
  const json& topic = all["topics"][0];
  CHECK(topic["topic"] == "response time");
  CHECK(topic["comments"] == 6);
  CHECK(topic["share"] == 0.6);
  CHECK(topic["rating"].get<double>() == Approx(14.0 / 6));
  CHECK(topic["sentiment"].get<double>() < 0);
  REQUIRE(topic["highlights"].size() == 2);
  CHECK(topic["highlights"][0]["text"] == "I love the response times");
  CHECK(topic["highlights"][1]["text"] == "The response time is awful");
}

TEST_CASE("a group that is too small has no topics, whatever the filter") {
  ApiHouse house({}, {}, true);
  house.store(executions().dump());
  const json few = topics(house, "filter=prompt:b");
  CHECK(few["comments"] == 2);
  CHECK(few["topics"].empty());
}

TEST_CASE("without the setting comments are dropped, and the answer says so") {
  ApiHouse house;
  house.store(executions().dump());
  const json none = topics(house, "window=1h");
  CHECK(none["stored"] == false);
  CHECK(none["comments"] == 0);
  CHECK(none["topics"].empty());
}

TEST_CASE("what is asked wrongly of topics is refused") {
  for (const char* query : {"filter=user:ann", "filter=comment:x", "limit=0", "limit=101", "top=1",
                            "window=1h&from=1", "from=2&to=1"}) {
    ApiHouse house({}, {}, true);
    CAPTURE(query);
    topics(house, query, 400);
  }
}

TEST_CASE("a kept comment is shown with its execution, and is no label") {
  ApiHouse house({}, {}, true);
  house.store(R"([{"prompt":"p","tags":{"a":"b"},
                   "feedback":{"comment":"Write to ann@example.com","rating":4}}])");
  SECTION("as it was posted, redacted") {
    const net::Response answer = house.ask(ApiHouse::request("GET", "/api/v1/executions"));
    const json page = json::parse(answer.body);
    REQUIRE(page["executions"].size() == 1);
    CHECK(page["executions"][0]["feedback"] ==
          json{{"comment", "Write to [email]"}, {"rating", 4}});
    CHECK(page["executions"][0]["tags"] == json{{"a", "b"}});
  }
  SECTION("labels do not have it") {
    const net::Response answer = house.ask(ApiHouse::request("GET", "/api/v1/labels"));
    CHECK(answer.body.find("comment") == std::string::npos);
    CHECK(answer.body.find("tags.a") != std::string::npos);
  }
  for (const char* target : {"/api/v1/labels/comment/values", "/api/v1/executions?filter=comment:*",
                             "/api/v1/metrics/executions?group_by=comment",
                             "/api/v1/metrics/executions?filter=comment:x"}) {
    SECTION(target) { CHECK(house.ask(ApiHouse::request("GET", target)).status == 400); }
  }
}

TEST_CASE("feedback whose execution never came is listed with a mark when it is asked for") {
  ApiHouse house({}, {}, true);
  house.api.handle(ApiHouse::request("POST", "/api/v1/feedback",
                                     R"({"execution_id":"gone","id":"f1","rating":2,
                                         "comment":"It never came"})"),
                   [](const net::Response& response) { CHECK(response.status == 200); });
  // Each is a step of the spine.
  for (int step = 0; step < 3; ++step) house.store(R"({"prompt":"p"})");
  const TimeMs since = house.clock.now_ms();
  house.clock.advance(25LL * 3'600'000);
  for (int step = 0; step < 3; ++step) house.store(R"({"prompt":"p"})");
  const net::Response answer = house.ask(ApiHouse::request("GET", "/api/v1/executions?unjoined=1"));
  const json page = json::parse(answer.body);
  INFO(answer.body);
  REQUIRE(page["executions"].size() == 1);
  json row = page["executions"][0];
  row["late_feedback"][0].erase("sentiment");
  const json said{{"id", "f1"}, {"rating", 2}, {"comment", "It never came"}};
  CHECK(row == json{{"id", "gone"},
                    {"time", since},
                    {"unjoined", true},
                    {"late_feedback", json::array({said})}});
}

}  // namespace
}  // namespace vitals::test
