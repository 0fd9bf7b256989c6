#include "cli/alert_commands.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "recorded_client.h"

namespace vitals::test {
namespace {

using namespace vitals::cli;
using nlohmann::json;

constexpr const char* kTwoAlerts = R"({"alerts":[{"id":"0192-aa11"},{"id":"0192-bb11"}]})";
constexpr const char* kAlert = R"({"id":"0192-aa11","rule":"slow","status":"acknowledged",
  "severity":"critical","labels":{"prompt":"a"},"annotations":{"cause":"version v8","owner":"ana",
  "summary":"Answers of the prompt a are wrong far more often than they were, ask who changed it"},
  "flapping":false,"firing_since":1790000060000,"due_at":null,"resolved_at":null,
  "duration_ms":null,"assignee":"ana","suppressed_by":null,
  "told":["chat","pager"],"against":"usual limit",
  "action":{"name":"roll-back","state":"proposed","dry_run":true,"rollback_to":"v7","error":null},
  "value":71.5,"threshold":80,"samples":31,"current":{"at":1790000090000,"value":75,"samples":40},
  "timeline":[{"at":1790000060000,"what":"firing","by":null,"text":null},
              {"at":1790000090000,"what":"acknowledged","by":"ana","text":"mine"}]})";

TEST_CASE("an alert is named by the end of its id") {
  CommandRig rig;
  rig.client.will_answer(200, kTwoAlerts);
  rig.client.will_answer(200, kAlert);
  CHECK(command_alert(rig.session, {"acknowledge", "aa11", "", "mine", "ana"}) == kDone);
  REQUIRE(rig.client.asked.size() == 2);
  CHECK(rig.client.asked[1].url == "http://127.0.0.1:8610/api/v1/alerts/0192-aa11/acknowledge");
  CHECK(json::parse(rig.client.asked[1].body) == json{{"by", "ana"}, {"comment", "mine"}});
  CHECK(rig.out.str() ==
        "alert slow is acknowledged, assigned to ana; action "
        "roll-back, proposed (dry run), back to v7\n");
}

TEST_CASE("a name cannot drive the terminal") {
  CommandRig rig;
  rig.client.will_answer(200, kTwoAlerts);
  rig.client.will_answer(
      200, R"({"rule":"slow","status":"acknowledged","assignee":"\u001b[2Jana","action":null})");
  CHECK(command_alert(rig.session, {"acknowledge", "aa11", "", "", "ana"}) == kDone);
  CHECK(rig.out.str() == "alert slow is acknowledged, assigned to ?[2Jana\n");
}

TEST_CASE("an action is approved for real, and what was done is listed") {
  CommandRig rig;
  rig.client.will_answer(200, kTwoAlerts);
  rig.client.will_answer(200, kAlert);
  CHECK(command_alert(rig.session, {"approve", "aa11", "", "", "ana", false}) == kDone);
  CHECK(json::parse(rig.client.asked[1].body) ==
        json{{"by", "ana"}, {"comment", ""}, {"dry_run", false}});
  rig.out.str("");
  rig.client.will_answer(200, R"({"actions":[{"at":1790000090000,"action":"roll-back",
    "what":"requested","by":"ana","text":"roll-back, back to v7","alert":"0192-aa11"}]})");
  CHECK(show_actions(rig.session) == kDone);
  CHECK(rig.out.str() ==
        "TIME (UTC)           ALERT   WHAT       BY   ACTION\n"
        "2026-09-21 14:14:50  2-aa11  requested  ana  roll-back, back to v7\n");
}

TEST_CASE("an end that many ids have, or none, is refused") {
  for (const char* end : {"11", "x"}) {
    CommandRig rig;
    rig.client.will_answer(200, kTwoAlerts);
    CHECK(command_alert(rig.session, {"acknowledge", end, "", "", ""}) == kFailed);
    CHECK(rig.client.asked.size() == 1);
    CHECK(rig.err.str().find(std::string("ends with '") + end + "'") != std::string::npos);
  }
}

TEST_CASE("one alert is shown with its story") {
  CommandRig rig;
  rig.client.will_answer(200, kTwoAlerts);
  rig.client.will_answer(200, kAlert);
  CHECK(show_alert(rig.session, "aa11") == kDone);
  CHECK(rig.out.str() ==
        "alert         0192-aa11\n"
        "rule          slow\n"
        "status        acknowledged\n"
        "severity      critical\n"
        "labels        prompt=a\n"
        "summary       Answers of the prompt a are wrong far more often than they were,\n"
        "              ask who changed it\n"
        "cause         version v8\n"
        "owner         ana\n"
        "value         71.5 (31 samples, usual limit 80)\n"
        "value now     75 (40 samples, usual limit 80)\n"
        "firing since  2026-09-21 14:14:20\n"
        "assignee      ana\n"
        "told          chat, pager\n"
        "action        roll-back, proposed (dry run), back to v7\n"
        "  2026-09-21 14:14:20  firing\n"
        "  2026-09-21 14:14:50  acknowledged by ana: mine\n");
}

TEST_CASE("a silence is made, listed and ended") {
  const std::string made = R"({"id":"0192-cc","state":"active","matchers":["team:search"],
    "from":1790000000000,"until":1790007200000,"by":"ana","reason":"deploy"})";
  CommandRig rig;
  json answer = json::parse(made);
  answer["matching_alerts"] = 0;
  answer["warnings"] = {"no open alert matches at present"};
  rig.client.will_answer(200, answer.dump());
  CHECK(silence(rig.session, {{"team:search"}, "2h", "deploy", "ana"}) == kDone);
  CHECK(
      json::parse(rig.client.asked[0].body) ==
      json::parse(R"({"matchers":["team:search"],"duration":"2h","reason":"deploy","by":"ana"})"));
  CHECK(rig.out.str() == "silence 0192-cc until 2026-09-21 16:13:20 UTC, of 0 open alerts\n");
  CHECK(rig.err.str() == "warning: no open alert matches at present\n");

  rig.out.str("");
  rig.client.will_answer(200, R"({"silences":[)" + made + "]}");
  CHECK(show_silences(rig.session, false) == kDone);
  CHECK(rig.out.str() ==
        "ID      STATE   UNTIL (UTC)          BY   ALERTS       REASON\n"
        "192-cc  active  2026-09-21 16:13:20  ana  team:search  deploy\n");

  rig.out.str("");
  rig.client.will_answer(200, R"({"silences":[)" + made + "]}");
  rig.client.will_answer(200, made);
  CHECK(end_silence(rig.session, "cc") == kDone);
  CHECK(rig.client.asked.back().method == "DELETE");
  CHECK(rig.out.str() == "silence 0192-cc is over\n");
}

TEST_CASE("statistics say how soon people came") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"from":0,"to":1,"fired":4,"acknowledged":2,"resolved":3,
    "response_breaches":1,"mtta_ms":90000,"mttr_ms":3600000,"severities":{},
    "rules":{"slow":{"fired":4,"acknowledged":2,"resolved":3,"response_breaches":1,
    "mtta_ms":null,"mttr_ms":3600000}}})");
  CHECK(show_alert_statistics(rig.session, "7d") == kDone);
  CHECK(rig.client.asked[0].url == "http://127.0.0.1:8610/api/v1/alerts/statistics?from=now-7d");
  CHECK(rig.out.str() ==
        "ALERTS  FIRED  ACKNOWLEDGED  LATE    MTTA  RESOLVED  MTTR\n"
        "all         4             2     1  1m 30s         3    1h\n"
        "slow        4             2     1       -         3    1h\n");
}

}  // namespace
}  // namespace vitals::test
