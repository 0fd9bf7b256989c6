#include "cli/prompt_commands.h"

#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "recorded_client.h"
#include "support/temp_folder.h"

namespace vitals::test {
namespace {

using namespace vitals::cli;
using nlohmann::ordered_json;

ordered_json traits(double specificity, double redundancy) {
  return {
      {"language_specificity", specificity}, {"redundancy", redundancy}, {"logical_flow", nullptr}};
}

/// As the daemon tells of a text.
ordered_json analysis(double specificity = 4.567, double redundancy = 0.1) {
  return {{"traits", traits(specificity, redundancy)},
          {"english", true},
          {"counts", {{"words", 1200}, {"lines", 3}, {"estimated_tokens", 1500}}},
          {"findings",
           {{{"dimension", "language_specificity"},
             {"line", 2},
             {"what", "etc\x1b"},
             {"why", "leaves open what else belongs to it"},
             {"suggestion", "name all that is meant"}}}},
          {"findings_left_out", 0}};
}

ordered_json version() {
  ordered_json made{{"prompt", "support/reply"},
                    {"version", "v2"},
                    {"parent", "v1"},
                    {"author", "ana"},
                    {"registered_at", 1'790'000'000'000}};
  made.update(analysis());
  return made;
}

TEST_CASE("a text is checked as a linter would, line by line") {
  CommandRig rig;
  rig.in.str("Be \"nice\"\nand so on etc.\n");
  rig.client.will_answer(200, analysis().dump());
  CHECK(check_prompts(rig.session, {{"-"}, {}, false}) == kDone);
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/prompts/analyse");
  CHECK(ordered_json::parse(rig.client.asked[0].body) ==
        ordered_json{{"text", "Be \"nice\"\nand so on etc.\n"}});
  CHECK(rig.out.str() ==
        "stdin:2: \"etc?\" leaves open what else belongs to it; name all that is meant "
        "[language_specificity]\n"
        "\n"
        "DIMENSION             VALUE  BEST\n"
        "language_specificity   4.57    10\n"
        "redundancy             0.10     0\n"
        "logical_flow              -    10\n"
        "stdin: 1 finding\n");
}

TEST_CASE("a check fails where it is asked to") {
  const auto status = [](std::optional<double> min, bool strict, bool as_json,
                         const ordered_json& answer) {
    CommandRig rig;
    rig.session.json = as_json;
    rig.client.will_answer(200, answer.dump());
    return check_prompts(rig.session, {{"-"}, min, strict});
  };
  for (const bool as_json : {false, true}) {
    CHECK(status({}, false, as_json, analysis()) == kDone);
    CHECK(status({}, true, as_json, analysis()) == kFailed);
    CHECK(status(4.5, false, as_json, analysis()) == kDone);
    CHECK(status(4.6, false, as_json, analysis()) == kFailed);
    // Redundancy is better the less it is.
    CHECK(status(5, false, as_json, analysis(9, 0.6)) == kFailed);
    ordered_json clean = analysis();
    clean["findings"] = ordered_json::array();
    CHECK(status({}, true, as_json, clean) == kDone);
    clean["english"] = false;
    CHECK(status({}, false, as_json, clean) == kDone);
    CHECK(status(1, false, as_json, clean) == kFailed);
  }
}

TEST_CASE("files that cannot be sent are named, and the others are checked") {
  const TempFolder folder;
  const std::string good = folder.file("good.md");
  const std::string bad = folder.file("bad.md");
  std::ofstream(good) << "Say hello.";
  std::ofstream(bad) << "\xff";
  CommandRig rig;
  rig.client.will_answer(200, analysis().dump());
  CHECK(check_prompts(rig.session, {{folder.file("none.md"), bad, good}, {}, false}) == kFailed);
  CHECK_THAT(rig.err.str(), Catch::Contains("none.md: No such file") &&
                                Catch::Contains("bad.md: is no text in UTF-8"));
  CHECK_THAT(rig.out.str(), Catch::Contains("good.md: 1 finding"));
  CommandRig away;
  CHECK(check_prompts(away.session, {{good, good}, {}, false}) == kUnreachable);
}

TEST_CASE("a version is registered with what its text says") {
  CommandRig rig;
  rig.in.str("Say hello.");
  rig.client.will_answer(200, version().dump());
  CHECK(register_prompt(rig.session, {"-", "support/reply", "v2", "v1", "ana"}) == kDone);
  CHECK(rig.client.asked.at(0).url == "http://127.0.0.1:8610/api/v1/prompts");
  CHECK(ordered_json::parse(rig.client.asked[0].body) == ordered_json{{"prompt", "support/reply"},
                                                                      {"version", "v2"},
                                                                      {"parent", "v1"},
                                                                      {"author", "ana"},
                                                                      {"text", "Say hello."}});
  CHECK_THAT(rig.out.str(),
             Catch::StartsWith("support/reply v2, registered 2026-09-21 14:13:20 UTC by ana, from "
                               "v1: 1,200 words, 3 lines, about 1,500 tokens\n\nv2:2: \"etc?\""));
  rig.client.will_answer(409, R"({"status":409,"detail":"is registered with another text"})");
  CHECK(register_prompt(rig.session, {"-", "support/reply", "v2", "", ""}) == kFailed);
  CHECK_THAT(rig.err.str(), Catch::Contains("is registered with another text"));
}

TEST_CASE("prompts and the history of one are listed") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"prompts":[{"prompt":"support/reply","versions":2,"latest":"v2",
    "registered_at":1790000000000}]})");
  CHECK(list_prompts(rig.session) == kDone);
  CHECK(rig.out.str() ==
        "PROMPT         VERSIONS  LATEST  REGISTERED (UTC)\n"
        "support/reply         2  v2      2026-09-21 14:13:20\n");
  rig.out.str("");
  rig.client.will_answer(200, R"({"prompts":[]})");
  CHECK(list_prompts(rig.session) == kDone);
  CHECK_THAT(rig.out.str(), Catch::StartsWith("No prompt is registered"));
  rig.out.str("");
  ordered_json eight = version();
  eight["traits"] = {{"a", 1}, {"b", 2.345},   {"c", 3}, {"d", 0.5},
                     {"e", 5}, {"f", nullptr}, {"g", 7}, {"h", 10}};
  rig.client.will_answer(200,
                         ordered_json{{"prompt", "support/reply"}, {"versions", {eight}}}.dump());
  CHECK(show_prompt(rig.session, {"support/reply", "", false}) == kDone);
  CHECK(rig.client.asked.at(2).url ==
        "http://127.0.0.1:8610/api/v1/prompts/support%2Freply/versions");
  CHECK_THAT(rig.out.str(), Catch::Contains("v2       2026-09-21 14:13:20  v1      ana        1"));
}

TEST_CASE("the text of a version is printed as it is") {
  CommandRig rig;
  ordered_json whole = version();
  whole["text"] = "a\tb\x1b[31m\r\nend";
  rig.client.will_answer(200, whole.dump());
  CHECK(show_prompt(rig.session, {"support/reply", "v2", true}) == kDone);
  CHECK(rig.out.str() == "a\tb\x1b[31m\r\nend");
  rig.out.str("");
  rig.console.width = 80;  // on a terminal, which it must not drive
  rig.client.will_answer(200, whole.dump());
  CHECK(show_prompt(rig.session, {"support/reply", "v2", true}) == kDone);
  CHECK(rig.out.str() == "a\tb?[31m?\nend\n");
}

TEST_CASE("a difference is shown, coloured only on a terminal") {
  CommandRig rig;
  const std::string diff = R"({"prompt":"support/reply","version":"v2","against":"v1","added":1,
    "removed":1,"diff":"@@ -1 +1 @@\n-old\n+new\n same\n",
    "traits":{"language_specificity":2.1,"redundancy":0.25,"logical_flow":null,
    "hierarchy_clarity":0}})";
  rig.client.will_answer(200, diff);
  CHECK(diff_prompt(rig.session, "support/reply", "v1", "v2") == kDone);
  CHECK(rig.client.asked.at(0).url ==
        "http://127.0.0.1:8610/api/v1/prompts/support%2Freply/versions/v2/diff?against=v1");
  CHECK(rig.out.str() ==
        "--- v1\n+++ v2\n@@ -1 +1 @@\n-old\n+new\n same\n"
        "\n"
        "DIMENSION             CHANGE\n"
        "language_specificity   +2.10\n"
        "redundancy             +0.25\n");
  rig.out.str("");
  rig.console.color = true;
  rig.client.will_answer(200, diff);
  CHECK(diff_prompt(rig.session, "support/reply", "v1", "v2") == kDone);
  CHECK_THAT(rig.out.str(), Catch::Contains("\x1b[31m-old\x1b[0m\n\x1b[32m+new\x1b[0m\n same\n") &&
                                Catch::Contains("\x1b[32m+2.10") &&
                                Catch::Contains("\x1b[31m+0.25"));
}

TEST_CASE("a version is taken back") {
  CommandRig rig;
  rig.client.will_answer(200, version().dump());
  CHECK(remove_prompt(rig.session, "support/reply", "v2") == kDone);
  CHECK(rig.client.asked.at(0).method == "DELETE");
  CHECK(rig.client.asked[0].url ==
        "http://127.0.0.1:8610/api/v1/prompts/support%2Freply/versions/v2");
  CHECK(rig.out.str() == "support/reply v2 is taken back; what was counted stays\n");
}

}  // namespace
}  // namespace vitals::test
