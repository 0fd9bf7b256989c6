#include <catch2/catch.hpp>

#include <vitals/cli/cli.h>

#include "cli/interaction_commands.h"
#include "recorded_client.h"

namespace vitals::test {
namespace {

using namespace vitals::cli;

const std::string kSessions =
    R"({"sessions":1200,"open":20,"executions":4000,"errors":50,"exits":1180,
  "troubled":62,"troubled_percent":1.55,"exit_percent":100.0,"actions":{"copy":3,"retry":12},
  "derived":{"retry":30,"repeat":1500,"abandon":0},"from":1,"to":2,"retry_within":300000,
  "silence":1800000,"without_session":1,
  "steps":[
    {"sessions":900,"open":20,"executions":2500,"errors":50,"exits":880,"troubled":62,
     "troubled_percent":2.48,"exit_percent":100.0,"actions":{"copy":3,"retry":12},
     "derived":{"retry":30,"repeat":1500,"abandon":0},
     "prompt":"support/a-very-long-name-of-a-prompt","friction":0.0202},
    {"sessions":300,"open":300,"executions":1500,"errors":0,"exits":0,"troubled":0,
     "troubled_percent":0.0,"exit_percent":null,"actions":{},
     "derived":{"retry":0,"repeat":0,"abandon":0},"prompt":"search","friction":0.0}],
  "segments":[
    {"sessions":1200,"open":20,"executions":4000,"errors":50,"exits":1180,"troubled":62,
     "troubled_percent":1.55,"exit_percent":100.0,"actions":{"copy":3,"retry":12},
     "derived":{"retry":30,"repeat":1500,"abandon":0},"labels":{"tags.plan":null}}],
  "paths":[{"from":"search","to":"support/a-very-long-name-of-a-prompt","count":1200}],
  "left_out":{"steps":0,"segments":3,"paths":1200}})";

}  // namespace

TEST_CASE("steps, segments and paths are listed as wide as the terminal is") {
  CommandRig rig;
  rig.client.will_answer(200, kSessions);
  rig.console.width = 80;
  const InteractionArguments arguments{
      {"2h", "", "", "20", {"prompt:a b"}}, {"tags.plan", "model"}, "1m", "1h"};
  CHECK(show_interactions(rig.session, arguments) == kDone);
  CHECK(rig.client.asked.at(0).url ==
        "http://127.0.0.1:8610/api/v1/interactions?window=2h&filter=prompt%3Aa%20b&limit=20"
        "&group_by=tags.plan%2Cmodel&retry_within=1m&silence=1h");
  CHECK(rig.out.str() ==
        "1,200 sessions, 20 of which may go on\n"
        "4,000 executions, 62 troubled (1.6 %); 1 more has no session\n"
        "\n"
        "SIGNAL  POSTED  DERIVED\n"
        "copy         3\n"
        "repeat            1,500\n"
        "retry       12       30\n"
        "\n"
        "PROMPT               FRICTION   RUNS  TROUBLED  RETRIED  REPEATED  LEFT    EXITS\n"
        "support/a-very-lon…     2.0 %  2,500     2.5 %       42     1,500     0  100.0 %\n"
        "search                  0.0 %  1,500     0.0 %        0         0     0        -\n"
        "\n"
        "SEGMENT      SESSIONS   RUNS  TROUBLED  RETRIED  REPEATED  LEFT    EXITS\n"
        "tags.plan=-     1,200  4,000     1.6 %       42     1,500     0  100.0 %\n"
        "\n"
        "FROM    TO                                    COUNT\n"
        "search  support/a-very-long-name-of-a-prompt  1,200\n"
        "\n"
        "3 more segments, 1,200 more paths; --limit shows them\n");
}

TEST_CASE("without sessions there is no table, and JSON of interactions comes as it is") {
  CommandRig rig;
  const std::string none = R"({"sessions":0,"open":0,"executions":0,"troubled":0,
    "troubled_percent":null,"actions":{},"derived":{"retry":0,"repeat":0,"abandon":0},
    "without_session":12,"steps":[],"segments":[],"paths":[],
    "left_out":{"steps":0,"segments":0,"paths":0}})";
  rig.client.will_answer(200, none);
  CHECK(show_interactions(rig.session, {}) == kDone);
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/interactions");
  CHECK(rig.out.str() == "0 sessions\n0 executions; 12 more have no session\n");
  rig.out.str("");
  rig.session.json = true;
  rig.client.will_answer(200, none);
  CHECK(show_interactions(rig.session, {}) == kDone);
  CHECK(rig.out.str() == none);
}

}  // namespace vitals::test
