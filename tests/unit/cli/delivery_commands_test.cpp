#include "cli/delivery_commands.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "recorded_client.h"

namespace vitals::test {
namespace {

using namespace vitals::cli;
using nlohmann::json;

TEST_CASE("deliveries are asked for by state and receiver, and listed") {
  CommandRig rig;
  rig.client.will_answer(
      200, R"({"deliveries":[{"id":"0193-beef01-firing","receiver":"ops","alert":"0193-beef01",
    "event":"firing","state":"dead","attempts":12,"created_at":1789999000000,"next_try_at":null,
    "done_at":1790000090000,"last_error":"HTTP 410"}]})");
  CHECK(show_deliveries(rig.session, {"dead", "ops", "", "5"}) == kDone);
  CHECK(rig.client.asked.at(0).url ==
        "http://127.0.0.1:8610/api/v1/deliveries?state=dead&receiver=ops&limit=5");
  CHECK(rig.out.str() ==
        "STATE  RECEIVER  TRIES     MADE  ID             LAST ERROR\n"
        "dead   ops          12  16m ago  beef01-firing  HTTP 410\n");
}

TEST_CASE("dead letters are replayed by id or receiver") {
  CommandRig rig;
  // Two receivers have refused the one, so it is there twice.
  const std::string dead =
      R"({"deliveries":[{"id":"1a-firing"},{"id":"1a-firing"},{"id":"1b-firing"}]})";
  rig.client.will_answer(200, dead);
  rig.client.will_answer(200, dead);
  rig.client.will_answer(200, R"({"queued":2})");
  CHECK(replay(rig.session, {{"a-firing", "1b-firing"}, ""}) == kDone);
  CHECK_THAT(rig.client.asked.at(0).url, Catch::EndsWith("/deliveries?state=dead&limit=10000"));
  CHECK(rig.client.asked.at(2).url == "http://127.0.0.1:8610/api/v1/deliveries/replay");
  CHECK(json::parse(rig.client.asked[2].body) == json{{"ids", {"1a-firing", "1b-firing"}}});
  CHECK(rig.out.str() == "2 dead letters wait once more\n");
  rig.out.str("");
  rig.client.will_answer(200, R"({"queued":1,"skipped":1})");
  CHECK(replay(rig.session, {{}, "ops"}) == kDone);
  CHECK(json::parse(rig.client.asked[3].body) == json{{"receiver", "ops"}});
  CHECK(rig.out.str() ==
        "1 dead letter waits once more\n"
        "1 skipped: its incident is over\n");
  rig.client.will_answer(200, R"({"queued":0,"skipped":0})");
  CHECK(replay(rig.session, {{}, "nobody"}) != kDone);
  CHECK_THAT(rig.err.str(), Catch::Contains("there are no such dead letters"));
}

TEST_CASE("deliveries of an alert are asked for by the end of its id") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"alerts":[{"id":"0193-beef"},{"id":"0193-cafe"}]})");
  rig.client.will_answer(200, R"({"deliveries":[]})");
  CHECK(show_deliveries(rig.session, {"", "", "cafe", ""}) == kDone);
  CHECK_THAT(rig.client.asked.at(1).url, Catch::EndsWith("/deliveries?alert=0193-cafe"));
  rig.client.will_answer(200, R"({"alerts":[]})");  // it is older than those
  rig.client.will_answer(200, R"({"deliveries":[]})");
  CHECK(show_deliveries(rig.session, {"", "", "0001-old", ""}) == kDone);
  CHECK_THAT(rig.client.asked.at(3).url, Catch::EndsWith("/deliveries?alert=0001-old"));
}

TEST_CASE("receivers are listed with their circuits") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"receivers":[{"name":"ops","channel":"webhook",
    "circuit":"open","opens_at":1790000090000,"waiting":3,"oldest_at":1790000000000,
    "last_success_at":null,"last_error_at":1789992000000,"last_error":"timed out"}]})");
  CHECK(show_receivers(rig.session) == kDone);
  CHECK(rig.out.str() ==
        "RECEIVER  CHANNEL  CIRCUIT  WAITING  SUCCEEDED  FAILED  LAST ERROR\n"
        "ops       webhook  open           3          -  2h ago  timed out\n");
}

}  // namespace
}  // namespace vitals::test
