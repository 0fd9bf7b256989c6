#include <catch2/catch.hpp>

#include <vitals/cli/cli.h>

#include "cli/error_commands.h"
#include "recorded_client.h"

namespace vitals::test {
namespace {

using namespace vitals::cli;

// The rig's clock stands at 1790000000000.
const std::string kAnswer = R"({"from":1,"to":2,"executions":12000,"errors":1500,"share":0.125,
  "classes":[
    {"type":"rate_limit","count":1200,"share_of_errors":0.8,"share_of_executions":0.1,
     "first_seen":1789992800000,"last_seen":1789999700000,"detected":1,"recovered":0.5,
     "prompts":[{"prompt":"triage","count":900},{"prompt":"reply","count":300}],
     "models":[{"model":"m-1","count":1200}],"template":null},
    {"type":"other:lock_row_01","count":299,"share_of_errors":0.19933,"share_of_executions":0.02492,
     "first_seen":1789999990000,"last_seen":1790000000000,"detected":null,"recovered":null,
     "prompts":[{"prompt":"triage","count":299}],"models":[{"model":null,"count":299}],
     "template":"lock of row * is held by *"},
    {"type":null,"count":1,"share_of_errors":0.000667,"share_of_executions":0.0000833,
     "first_seen":1789999999000,"last_seen":1789999999000,"detected":null,"recovered":0,
     "prompts":[{"prompt":"triage","count":1}],"models":[],"template":null}],
  "classes_left_out":2})";

TEST_CASE("errors are listed by class, unknown ones with their template") {
  CommandRig rig;
  rig.client.will_answer(200, kAnswer);
  CHECK(show_errors(rig.session, {"2h", "", "", "3", {"prompt:a b", "model:!x"}}) == kDone);
  CHECK(rig.client.asked.at(0).url ==
        "http://127.0.0.1:8610/api/v1/errors?window=2h&filter=prompt%3Aa%20b&filter=model%3A%21x"
        "&limit=3");
  CHECK(rig.out.str() ==
        "1,500 of 12,000 executions failed (12.5 %)\n"
        "\n"
        "ERROR              COUNT   SHARE     LAST  PROMPTS        MESSAGES LIKE\n"
        "rate_limit         1,200  80.0 %   5m ago  triage, reply\n"
        "other:lock_row_01    299  19.9 %  0ms ago  triage         lock of row * is held by *\n"
        "(none)                 1   0.1 %   1s ago  triage\n"
        "\n"
        "2 more; --limit shows them\n");
}

TEST_CASE("without errors there is no table, and JSON comes as it is") {
  CommandRig rig;
  const std::string none =
      R"({"executions":0,"errors":0,"share":null,"classes":[],"classes_left_out":0})";
  rig.client.will_answer(200, none);
  CHECK(show_errors(rig.session, {}) == kDone);
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/errors");
  CHECK(rig.out.str() == "0 of 0 executions failed (-)\n");
  rig.out.str("");
  rig.session.json = true;
  rig.client.will_answer(200, none);
  CHECK(show_errors(rig.session, {}) == kDone);
  CHECK(rig.out.str() == none);
}

}  // namespace
}  // namespace vitals::test
