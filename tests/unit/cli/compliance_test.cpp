#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "cli/compliance_commands.h"
#include "recorded_client.h"

namespace vitals::test {
namespace {

using namespace vitals::cli;

const std::string kComplianceAnswer = R"({"from":1,"to":2,"benchmark":"target","confidence":95,
  "interval_confidence":90,"min_count":30,"verdict":"fail",
  "summary":{"pass":0,"fail":1,"insufficient_data":1},
  "versions":[
    {"prompt":"a","version":null,"verdict":"insufficient_data","executions":12,"failed":[],
     "undecided":["cost_usd"],"checks":[
      {"metric":"cost_usd","unit":"USD","direction":"lower_is_better",
       "verdict":"insufficient_data","reason":"no_benchmark","value":0.0123,"count":12,
       "benchmark":null,"benchmark_of":null,"margin":null,"margin_relative":null,
       "interval":null}]},
    {"prompt":"a","version":"v2","verdict":"fail","executions":1200,"failed":["success"],
     "undecided":[],"checks":[
      {"metric":"success","unit":"percent","direction":"higher_is_better","verdict":"fail",
       "reason":null,"value":85.8333,"count":1200,"benchmark":98,"benchmark_of":"prompt",
       "margin":-12.1667,"margin_relative":-0.1241,"interval":[83.4,87.9]},
      {"metric":"time","unit":"s","direction":"lower_is_better","verdict":"insufficient_data",
       "reason":"too_close","value":29,"count":1200,"benchmark":30,"benchmark_of":"metric",
       "margin":1,"margin_relative":0.0333,"interval":[27,31]}]}]})";

std::string answer_of(const std::string& verdict) {
  auto answer = nlohmann::ordered_json::parse(kComplianceAnswer);
  answer["verdict"] = verdict;
  return answer.dump();
}

TEST_CASE("versions are shown with their verdicts, and what these are made of") {
  CommandRig rig;
  rig.client.will_answer(200, kComplianceAnswer);
  CHECK(show_compliance(rig.session, {"a", {}, "", "", "", "", {}}) == kMissed);
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/compliance?prompt=a");
  CHECK(rig.out.str() ==
        "a: fail (target bounds, 95 % confidence)\n"
        "\n"
        "(none): insufficient data, 12 executions\n"
        "METRIC    VERDICT        VALUE  TARGET  MARGIN  90 % INTERVAL  COUNT\n"
        "cost_usd  no benchmark  0.0123       -       -              -     12\n"
        "\n"
        "v2: fail, 1,200 executions\n"
        "METRIC   VERDICT    VALUE  TARGET  MARGIN  90 % INTERVAL  COUNT\n"
        "success  fail       85.83   ≥ 98*  -12.17   83.4 to 87.9  1,200\n"
        "time     too close     29    ≤ 30       1       27 to 31  1,200\n"
        "\n"
        "* a benchmark of the prompt\n");
}

TEST_CASE("the exit status is the verdict, of JSON too") {
  const std::vector<std::pair<std::string, int>> verdicts{
      {"pass", kDone}, {"fail", kMissed}, {"insufficient_data", kUndecided}, {"good", kFailed}};
  for (const auto& [verdict, status] : verdicts) {
    for (const bool as_json : {false, true}) {
      CAPTURE(verdict, as_json);
      CommandRig rig;
      rig.session.json = as_json;
      rig.client.will_answer(200, answer_of(verdict));
      CHECK(show_compliance(rig.session, {"a", {}, "", "", "", "", {}}) == status);
      if (as_json) CHECK(rig.out.str() == answer_of(verdict));
    }
  }
  CommandRig rig;
  rig.session.json = true;
  rig.client.will_answer(200, R"({"versions":[]})");
  CHECK(show_compliance(rig.session, {"a", {}, "", "", "", "", {}}) == kFailed);
  rig.client.will_answer(404, R"({"title":"Not Found","detail":"no version of 'a' is known"})");
  CHECK(show_compliance(rig.session, {"a", {}, "", "", "", "", {}}) == kFailed);
  CHECK_THAT(rig.err.str(), Catch::Contains("no version of 'a' is known"));
  CHECK(show_compliance(rig.session, {"a", {}, "", "", "", "", {}}) == kUnreachable);
}

TEST_CASE("versions that were left out are told") {
  CommandRig rig;
  auto answer = nlohmann::ordered_json::parse(answer_of("insufficient_data"));
  answer["truncated"] = true;
  rig.client.will_answer(200, answer.dump());
  CHECK(show_compliance(rig.session, {"a", {}, "", "", "", "", {}}) == kUndecided);
  CHECK_THAT(rig.out.str(), Catch::EndsWith("\nMore versions were left out; --limit shows them\n"));
}

}  // namespace
}  // namespace vitals::test
