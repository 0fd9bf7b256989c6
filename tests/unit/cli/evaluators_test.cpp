#include <catch2/catch.hpp>

#include <vitals/cli/cli.h>

#include "cli/evaluator_commands.h"
#include "recorded_client.h"

namespace vitals::test {

using namespace vitals::cli;

TEST_CASE("evaluators are listed with their verdicts, and how those do that are asked") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"from":1,"to":2,"min_count":30,"executions":1412,"shared":240,
    "icc":0.814,"evaluators":[
    {"evaluator":null,"verdict":"insufficient_data","assessments":9,"set_aside":0,"mean":8,
     "shared":9,"bias":null,"kappa":null,"drift":null,"drift_p_value":null},
    {"evaluator":"judge-v2","verdict":"drifts","assessments":1412,"set_aside":3,"mean":7.44,
     "shared":240,"bias":-0.5,"kappa":0.83,"drift":0.7,"drift_p_value":0.01}],
    "asked_since":1790000000000,"asked":[
    {"evaluator":"judge-v2","accepted":1403,"no_opinion":20,"failed":3,"over_budget":0,
     "too_late":0,"in_flight":2}]})");
  rig.console.width = 80;
  CHECK(show_evaluators(rig.session, {{"30d", "", "", "", {"prompt:a b"}}, "50"}) == kDone);
  CHECK(rig.client.asked.at(0).url ==
        "http://127.0.0.1:8610/api/v1/evaluators?window=30d&filter=prompt%3Aa%20b&min_count=50");
  CHECK(rig.out.str() ==
        "1,412 executions assessed, 240 by two or more\n"
        "Intraclass correlation of these: 0.81\n"
        "\n"
        "EVALUATOR  VERDICT  ASSESSED  SET ASIDE  MEAN  SHARED   BIAS  KAPPA  DRIFT\n"
        "(runners)  too few         9          0   8.0       9      -      -      -\n"
        "judge-v2   drifts      1,412          3   7.4     240  -0.50   0.83   0.70\n"
        "\n"
        "too few: shares fewer than 30 executions with others\n"
        "\n"
        "Asked since 2026-09-21 14:13:20 UTC\n"
        "EVALUATOR  ACCEPTED  NO OPINION  FAILED  OVER BUDGET  TOO LATE  UNDER WAY\n"
        "judge-v2      1,403          20       3            0         0          2\n");
}

TEST_CASE("without evaluators there is no table") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"min_count":30,"executions":0,"shared":0,"icc":null,
    "evaluators":[],"asked_since":1,"asked":[]})");
  CHECK(show_evaluators(rig.session, {}) == kDone);
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/evaluators");
  CHECK(rig.out.str() == "0 executions assessed, 0 by two or more\n");
}

}  // namespace vitals::test
