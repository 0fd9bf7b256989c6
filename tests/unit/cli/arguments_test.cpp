#include "cli/arguments.h"

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

#include <vitals/cli/cli.h>

#include "recorded_client.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::cli;
using vitals::test::CommandRig;

namespace {

/// Runs a command line against the rig; the exit status.
int run(CommandRig& rig, const std::vector<std::string>& words) {
  const Arguments arguments = read_arguments(words, rig.console);
  if (!arguments.command) return arguments.exit_status;
  rig.session.json = arguments.json;
  return arguments.command(rig.session);
}

}  // namespace

TEST_CASE("options reach their command") {
  CommandRig rig;
  rig.client.will_answer(200, "value,count\r\n");
  CHECK(run(rig, {"query", "--filter", "prompt:a", "--group-by", "prompt", "--filter",
                  "status:error", "rating", "--step", "1m", "--csv"}) == kDone);
  CHECK(rig.client.asked.at(0).url ==
        "http://127.0.0.1:8610/api/v1/metrics/rating?step=1m&group_by=prompt&filter=prompt%3Aa"
        "&filter=status%3Aerror&format=csv");
}

TEST_CASE("commands about prompts take their options") {
  const auto asked = [](const std::vector<std::string>& words) {
    CommandRig rig;
    rig.in.str("Say hello.");
    (void)run(rig, words);
    if (rig.client.asked.empty()) return std::string();
    return rig.client.asked[0].method + ' ' + rig.client.asked[0].url.substr(28) +
           rig.client.asked[0].body;
  };
  CHECK(asked({"prompts"}) == "GET /prompts");
  CHECK(asked({"prompts", "list"}) == "GET /prompts");
  CHECK(asked({"prompts", "show", "a", "v1", "--text"}) == "GET /prompts/a/versions/v1");
  CHECK(asked({"prompts", "show", "a", "--text"}).empty());
  CHECK(asked({"prompts", "diff", "a", "v1", "v2"}) ==
        "GET /prompts/a/versions/v2/diff?against=v1");
  CHECK(asked({"prompts", "remove", "a", "v1"}) == "DELETE /prompts/a/versions/v1");
  CHECK(asked({"prompts", "check", "-", "--min", "5"}) ==
        R"(POST /prompts/analyse{"text":"Say hello."})");
  CHECK(asked({"prompts", "check", "-", "--min", "11"}).empty());
  // --version is the program's, too.
  CHECK(asked({"prompts", "register", "-", "--prompt", "a", "--version", "v2", "--author",
               "ana"}) == R"(POST /prompts{"prompt":"a","version":"v2","parent":"","author":"ana",)"
                          R"("text":"Say hello."})");
  CHECK(asked({"prompts", "register", "-", "--prompt", "a"}).empty());
}

TEST_CASE("a question about compliance takes its options") {
  CommandRig rig;
  (void)run(rig, {"compliance",  "a b",    "--version",    "v2",  "--metrics",   "rating,clarity",
                  "--benchmark", "alert",  "--confidence", "99",  "--min-count", "50",
                  "--from",      "now-2d", "--to",         "now", "--filter",    "model:m",
                  "--limit",     "3"});
  CHECK(rig.client.asked.at(0).url.substr(28) ==
        "/compliance?from=now-2d&to=now&filter=model%3Am&limit=3&prompt=a%20b&version=v2"
        "&metrics=rating%2Cclarity&benchmark=alert&confidence=99&min_count=50");
  // An empty version is one; an empty prompt is for the daemon to refuse.
  (void)run(rig, {"compliance", "", "--version", ""});
  CHECK(rig.client.asked.at(1).url.substr(28) == "/compliance?prompt=&version=");
  CHECK(run(rig, {"compliance"}) == kUsage);
  CHECK(run(rig, {"compliance", "a", "--window", "1h", "--from", "now-1d"}) == kUsage);
}

TEST_CASE("commands about sessions and evaluators take their options") {
  const auto asked = [](const std::vector<std::string>& words) {
    CommandRig rig;
    (void)run(rig, words);
    return rig.client.asked.empty() ? std::string() : rig.client.asked[0].url.substr(28);
  };
  CHECK(asked({"interactions"}) == "/interactions?limit=20");
  CHECK(asked({"interactions", "--from", "now-1d", "--limit", "5", "--group-by", "model",
               "--group-by", "tags.plan", "--retry-within", "1m", "--silence", "2h"}) ==
        "/interactions?from=now-1d&limit=5&group_by=model%2Ctags.plan&retry_within=1m&silence=2h");
  CHECK(asked({"interactions", "--silence", "long"}).empty());
  CHECK(asked({"evaluators", "--window", "1d", "--min-count", "5"}) ==
        "/evaluators?window=1d&min_count=5");
  CHECK(asked({"evaluators", "--limit", "5"}).empty());
}

TEST_CASE("global options stand before or after the command") {
  CommandRig rig;
  CHECK(read_arguments({"--url", "http://a:1", "status"}, rig.console).url == "http://a:1");
  const Arguments after = read_arguments({"status", "--url", "http://a:1", "--json"}, rig.console);
  CHECK(after.url == "http://a:1");
  CHECK(after.json);
  CHECK(read_arguments({"status"}, rig.console).url == "http://127.0.0.1:8610");
}

TEST_CASE("a token comes from a file") {
  CommandRig rig;
  const test::TempFolder folder;
  std::ofstream(folder.file("token")) << "s3cret \nmore\n";
  const std::vector<std::string> words{"status", "--token-file", folder.file("token")};
  CHECK(read_arguments(words, rig.console).token == "s3cret");
  CHECK(run(rig, {"status", "--token-file", folder.file("none")}) == kUsage);
}

TEST_CASE("the environment's token gives way to one on the command line") {
  CommandRig rig;
  const test::TempFolder folder;
  std::ofstream(folder.file("token")) << "from-file\n";
  ::setenv("VITALS_TOKEN", "from-environment", 1);
  CHECK(read_arguments({"status"}, rig.console).token == "from-environment");
  CHECK(read_arguments({"status", "--token", "given"}, rig.console).token == "given");
  CHECK(read_arguments({"status", "--token-file", folder.file("token")}, rig.console).token ==
        "from-file");
  ::unsetenv("VITALS_TOKEN");
}

TEST_CASE("a wrong command line is told apart from a failure") {
  CommandRig rig;
  const auto words =
      GENERATE(std::vector<std::string>{}, std::vector<std::string>{"stat"},
               std::vector<std::string>{"query"}, std::vector<std::string>{"import"},
               std::vector<std::string>{"query", "a", "--from", "1", "--window", "1h"},
               std::vector<std::string>{"demo", "--duration", "5x"},
               std::vector<std::string>{"demo", "--events", "0"});
  CAPTURE(words);
  CHECK(run(rig, words) == kUsage);
  CHECK_FALSE(rig.err.str().empty());
  CHECK(rig.client.asked.empty());
}

TEST_CASE("what is unknown is named in order, with what was probably meant") {
  using Words = std::vector<std::string>;
  const auto [words, said] = GENERATE(table<Words, std::string>({
      {{"query", "--lissten", "x"}, "unknown option --lissten\n"},
      {{"query", "m", "--windo", "5m", "--jsn", "more"},
       "unknown option --windo; did you mean --window?\n"
       "unknown option --jsn; did you mean --json?\n"},
      {{"query", "m", "more", "words"},
       "unexpected argument 'more'\nunexpected argument 'words'\n"},
      {{"statu"}, "unknown command 'statu'; did you mean 'status'?\n"},
      {{"--ul", "http://a", "status"}, "unknown option --ul; did you mean --url?\n"},
      {{"alerts", "--window", "5m"}, "unknown option --window\n"},
      {{"alerts", "silnce", "team:a"},
       "unknown command 'silnce'; did you mean 'silence'?\nunknown command 'team:a'\n"},
  }));
  CAPTURE(words);
  CommandRig rig;
  CHECK(run(rig, words) == kUsage);
  CHECK(rig.err.str() == said + "Run with --help for more information.\n");
}

TEST_CASE("a command that people guess is answered with the one there is") {
  using Words = std::vector<std::string>;
  const auto [words, said] = GENERATE(table<Words, std::string>({
      {{"alerts", "resolve", "aa11", "--comment", "x"}, "'vitalsctl alerts ack ALERT'"},
      {{"silences", "add"}, "'vitalsctl alerts silences' lists silences"},
      {{"--json", "ack", "aa11"}, "'vitalsctl alerts ack ALERT' takes"},
      {{"deliveries", "retry"}, "'vitalsctl deliveries replay'"},
  }));
  CAPTURE(words);
  CommandRig rig;
  CHECK(run(rig, words) == kUsage);
  CHECK_THAT(rig.err.str(), Catch::StartsWith("there is no command '") && Catch::Contains(said));
  CHECK(rig.client.asked.empty());
}

TEST_CASE("acknowledge is ack in full") {
  CommandRig rig;
  rig.client.will_answer(200, R"({"alerts":[{"id":"0192-aa11"}]})");
  rig.client.will_fail(Errc::unavailable);
  CHECK(run(rig, {"alerts", "acknowledge", "aa11"}) == kUnreachable);
  CHECK(rig.client.asked.at(1).url == "http://127.0.0.1:8610/api/v1/alerts/0192-aa11/acknowledge");
}

TEST_CASE("help and version are answers") {
  CommandRig rig;
  CHECK(run(rig, {"--help"}) == kDone);
  CHECK(rig.out.str().find("import") != std::string::npos);
  CHECK(run(rig, {"version"}) == kDone);
  CHECK(rig.out.str().find("vitalsctl 0.") != std::string::npos);
}
