#include <catch2/catch.hpp>

#include <vitals/cli/cli.h>

#include "cli/feedback_commands.h"
#include "recorded_client.h"

namespace vitals::test {
namespace {

using namespace vitals::cli;

TEST_CASE("topics are listed with the sentence that shows most") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"from":1,"to":2,"stored":true,"comments":1200,
    "older_left_out":true,"min_group":5,"topics":[
    {"topic":"response time","comments":300,"share":0.25,"rating":2.5,"sentiment":-0.25,
     "highlights":[{"text":"The response time is awful","sentiment":-0.5}]},
    {"topic":"citations","comments":60,"share":0.05,"rating":null,"sentiment":null,
     "highlights":[]}]})");
  CHECK(show_topics(rig.session, {"2h", "", "", "3", {"prompt:a b"}}) == kDone);
  CHECK(rig.client.asked.at(0).url ==
        "http://127.0.0.1:8610/api/v1/feedback/topics?window=2h&filter=prompt%3Aa%20b&limit=3");
  CHECK(rig.out.str() ==
        "1,200 comments, the newest ones\n"
        "\n"
        "TOPIC          COMMENTS   SHARE  RATING  SENTIMENT  AS IN\n"
        "response time       300  25.0 %     2.5      -0.25  The response time is awful\n"
        "citations            60   5.0 %       -          -\n");
}

TEST_CASE("it is said where comments are not kept") {
  CommandRig rig;
  rig.client.will_answer(
      200, R"({"stored":false,"comments":0,"older_left_out":false,"min_group":5,"topics":[]})");
  CHECK(show_topics(rig.session, {}) == kDone);
  CHECK(rig.out.str() == "0 comments\nComments are not kept (privacy.comments: drop).\n");
}

TEST_CASE("it is said where comments speak of nothing together, and where they are from before") {
  CommandRig rig;
  rig.client.will_answer(
      200, R"({"stored":false,"comments":7,"older_left_out":false,"min_group":5,"topics":[]})");
  CHECK(show_topics(rig.session, {}) == kDone);
  CHECK(rig.out.str() ==
        "7 comments\nComments are not kept any more (privacy.comments: drop): these are from "
        "before.\nToo few of them speak of the same.\n");
}

}  // namespace
}  // namespace vitals::test
