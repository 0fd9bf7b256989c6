// vitalsctl rules check, test and backtest.
#include "cli/rule_commands.h"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "cli/arguments.h"
#include "cli/junit.h"
#include "recorded_client.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::cli;
using nlohmann::json;
using vitals::test::CommandRig;

namespace {

constexpr const char* kRules =
    "rules:\n"
    "  - name: collapse\n"
    "    metric: execution_success_rate\n"
    "    below: 80\n"
    "    for: 1m\n"
    "    min_samples: 20\n"
    "    group_by: [prompt]\n"
    "    labels: {team: search}\n"
    "    annotations: {summary: '{{labels.prompt}} fails'}\n";

constexpr const char* kTests =
    "rule_files: [rules.yaml]\n"
    "tests:\n"
    "  - name: a collapse fires after a minute and resolves\n"
    "    executions:\n"
    "      - {until: 10m, every: 10s, count: 5, prompt: checkout, status: success}\n"
    "      - {from: 10m, until: 20m, every: 10s, count: 5, prompt: checkout, status: error}\n"
    "    expect:\n"
    "      - {at: 9m, alerts: []}\n"
    "      - at: 13m\n"
    "        alerts:\n"
    "          - {rule: collapse, labels: {prompt: checkout}, annotations: {summary: SUMMARY}}\n"
    "      - {at: 40m, rule: collapse, alerts: []}\n";

/// A folder of files with a rig that names them relative to it.
struct Rig : CommandRig {
  std::string write(const std::string& name, std::string text) const {
    std::ofstream(folder.file(name)) << text;
    return folder.file(name);
  }
  std::string tests_with(const std::string& summary) const {
    write("rules.yaml", kRules);
    std::string text = kTests;
    return write("tests.yaml", text.replace(text.find("SUMMARY"), 7, summary));
  }
  /// What was printed, without the folder.
  std::string printed() const {
    std::string text = out.str();
    const std::string prefix = folder.path().string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
  std::string read(const std::string& name) const {
    std::ifstream stream(folder.file(name));
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

  test::TempFolder folder;
};

constexpr const char* kReport =
    R"({"rule":"collapse","from":1787400000000,"to":1789992000000,"step":30000,
    "evaluations":86401,"events":1000,"firings":3,"firing_ms":12000000,"share":0.0046,
    "longest_ms":7200000,"truncated":false,"groups":[
    {"labels":{"prompt":"a"},"firings":1,"firing_ms":1200000,"longest_ms":1200000,"incidents":[
      {"pending_since":1787500000000,"firing_since":1787500060000,"resolved_at":1787501260000,
       "duration_ms":1200000,"worst_value":42.5,"samples":120}]},
    {"labels":{"prompt":"checkout"},"firings":2,"firing_ms":10800000,"longest_ms":7200000,
     "incidents":[]}]})";

}  // namespace

TEST_CASE("rules check says that good files are good") {
  Rig rig;
  CHECK(check_rules(rig.session, {{rig.write("rules.yaml", kRules)}, ""}) == kDone);
  CHECK(rig.printed() == "1 rule in 1 file: good\n");
}

TEST_CASE("rules check prints every problem and warning") {
  Rig rig;
  const std::string bad = rig.write(
      "bad.yaml",
      "rules:\n  - {name: a, metric: rating, below: x}\n  - {name: b, absent: 5m, filtr: []}\n");
  CHECK(check_rules(rig.session, {{bad}, ""}) == kFailed);
  CHECK(rig.printed() ==
        "error    bad.yaml:2: rules[0].below: 'x': expected a number\n"
        "error    bad.yaml:3: rules[1].filtr: unknown key; did you mean 'filter'?\n"
        "2 rules in 1 file: 2 errors\n");

  Rig odd;
  const std::string silent = odd.write("odd.yaml", "rules:\n  - {name: a, absent: 5m}\n");
  CHECK(check_rules(odd.session, {{silent}, ""}) == kDone);
  CHECK(odd.printed() ==
        "warning  odd.yaml:2: annotations: has no summary, which is what people read first (rule "
        "'a')\n1 rule in 1 file: 1 warning\n");

  Rig as_json;
  as_json.session.json = true;
  CHECK(check_rules(as_json.session, {{as_json.write("r.yaml", kRules)}, ""}) == kDone);
  CHECK(json::parse(as_json.out.str()) ==
        json{{"files", 1}, {"rules", 1}, {"problems", json::array()}, {"warnings", json::array()}});
}

TEST_CASE("rule tests pass") {
  Rig rig;
  CHECK(test_rules(rig.session, {{rig.tests_with("checkout fails")}, "", ""}) == kDone);
  CHECK(rig.printed() ==
        "tests.yaml\n"
        "pass  a collapse fires after a minute and resolves\n"
        "1 passed, 0 failed\n");
}

TEST_CASE("a rule test that fails shows what is missing and what is there") {
  Rig rig;
  const std::string junit = rig.folder.file("junit.xml");
  CHECK(test_rules(rig.session, {{rig.tests_with("it is <down>")}, "", junit}) == kFailed);
  CHECK(rig.printed() ==
        "tests.yaml\n"
        "FAIL  a collapse fires after a minute and resolves\n"
        "      tests.yaml:9: after 13m\n"
        "        missing     collapse firing prompt=checkout\n"
        "                      summary: it is <down>\n"
        "        unexpected  collapse firing prompt=checkout\n"
        "                      summary: checkout fails\n"
        "0 passed, 1 failed\n");
  const std::string report = rig.read("junit.xml");
  CHECK_THAT(report, Catch::Contains("<testsuites tests=\"1\" failures=\"1\">"));
  CHECK_THAT(report, Catch::Contains("name=\"a collapse fires after a minute and resolves\">"));
  CHECK_THAT(report, Catch::Contains("summary: it is &lt;down&gt;"));
}

TEST_CASE("a rule that fires in no test is a failure where all are to fire") {
  Rig rig;
  const std::string tests = rig.tests_with("checkout fails");
  rig.write("rules.yaml", std::string(kRules) + "  - {name: unused, absent: 5h}\n");
  CHECK(test_rules(rig.session, {{tests}, "", ""}) == kDone);
  rig.out.str("");
  CHECK(test_rules(rig.session, {{tests}, "", "", true}) == kFailed);
  CHECK(rig.printed() ==
        "tests.yaml\n"
        "pass  a collapse fires after a minute and resolves\n"
        "FAIL  unused fires in no test\n"
        "1 passed, 1 failed\n");
}

TEST_CASE("a file of rule tests that is wrong is named, and the others are run") {
  Rig rig;
  const std::string good = rig.tests_with("checkout fails");
  const std::string bad =
      rig.write("bad.yaml", "rule_files: [rules.yaml]\ntests:\n  - {name: a}\n");
  CHECK(test_rules(rig.session, {{bad, good}, "", ""}) == kFailed);
  CHECK(rig.printed() ==
        "bad.yaml\n"
        "error bad.yaml:3: tests[0].expect: is required, else nothing is tested\n"
        "tests.yaml\n"
        "pass  a collapse fires after a minute and resolves\n"
        "1 passed, 0 failed, 1 file not run\n");
}

TEST_CASE("results of rule tests are JSON, too") {
  Rig rig;
  rig.session.json = true;
  CHECK(test_rules(rig.session, {{rig.tests_with("x")}, "", ""}) == kFailed);
  const json test = json::parse(rig.out.str()).at("files").at(0).at("tests").at(0);
  CHECK(test.at("passed") == false);
  CHECK(test.at("failures").at(0).at("at") == "13m");
  CHECK(test.at("failures").at(0).at("missing").at(0).at("annotations").at("summary") == "x");
  CHECK(test.at("failures").at(0).at("unexpected").at(0).at("labels").at("team") == "search");
}

TEST_CASE("a JUnit report has a suite for each file") {
  CHECK(junit_report({{"a", "one", ""}, {"a", "two", "bad\nmore"}, {"b", "t\"hree", ""}}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites tests=\"3\" failures=\"1\">\n"
        "  <testsuite name=\"a\" tests=\"2\" failures=\"1\">\n"
        "    <testcase classname=\"a\" name=\"one\"/>\n"
        "    <testcase classname=\"a\" name=\"two\">\n"
        "      <failure message=\"bad\">bad\nmore</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "  <testsuite name=\"b\" tests=\"1\" failures=\"0\">\n"
        "    <testcase classname=\"b\" name=\"t&quot;hree\"/>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
}

TEST_CASE("a back-test is a table and a sentence") {
  Rig rig;
  rig.client.will_answer(200, kReport);
  BacktestArguments arguments;
  arguments.target = "collapse";
  arguments.incidents = true;
  CHECK(backtest_rules(rig.session, arguments) == kDone);
  CHECK(rig.out.str() ==
        "RULE      GROUP            FIRINGS  TIME FIRING  LONGEST\n"
        "collapse  prompt=checkout        2           3h       2h\n"
        "          prompt=a               1          20m      20m\n"
        "\n"
        "collapse\n"
        "FIRED AT (UTC)       FOR  WORST  SAMPLES  GROUP\n"
        "2026-08-23 15:47:40  20m   42.5      120  prompt=a\n"
        "\n"
        "collapse would have fired 3 times in the last 30d, for 3h 20m in all.\n"
        "Judged every 30s.\n");
  const net::ClientRequest& asked = rig.client.asked.at(0);
  CHECK(asked.url == "http://127.0.0.1:8610/api/v1/rules/test");
  CHECK(json::parse(asked.body) == json{{"rule_name", "collapse"}, {"from", "now-30d"}});
}

TEST_CASE("every rule of a file is back-tested, or one of them") {
  Rig rig;
  const std::string text = std::string(kRules) + "  - {name: silent, absent: 5m}\n";
  BacktestArguments arguments;
  arguments.target = rig.write("rules.yaml", text);
  arguments.last = "7d";
  rig.client.will_answer(200, kReport);
  rig.client.will_answer(200, R"({"rule":"silent","from":1787400000000,"to":1789992000000,
    "step":60000,"firings":0,"firing_ms":0,"longest_ms":0,"groups":[],"truncated":false})");
  CHECK(backtest_rules(rig.session, arguments) == kDone);
  CHECK_THAT(rig.out.str(), Catch::Contains("silent                           0            -"));
  CHECK_THAT(rig.out.str(), Catch::Contains("2 rules would have fired 3 times in the last 30d"));
  CHECK_THAT(rig.out.str(), Catch::Contains("Judged every 30s to 1m."));
  const json body = json::parse(rig.client.asked.at(1).body);
  CHECK(body == json{{"rule_name", "silent"}, {"rule_file", text}, {"from", "now-7d"}});

  arguments.rule = "silent";
  rig.client.will_answer(200, R"({"rule":"silent","from":1787400000000,"to":1789992000000,
    "step":60000,"firings":0,"firing_ms":0,"longest_ms":0,"groups":[],"truncated":false})");
  CHECK(backtest_rules(rig.session, arguments) == kDone);
  CHECK_THAT(rig.out.str(), Catch::Contains("silent would never have fired in the last 30d.\n"));
  CHECK(rig.client.asked.size() == 3);
  arguments.rule = "other";
  CHECK(backtest_rules(rig.session, arguments) == kFailed);
  CHECK_THAT(rig.err.str(), Catch::Contains("has no rule 'other'"));
}

TEST_CASE("without a target all rules in force are back-tested") {
  Rig rig;
  rig.session.json = true;
  rig.client.will_answer(200, R"({"rules":[{"name":"a"},{"name":"b"}]})");
  rig.client.will_answer(200, R"({"rule":"a"})");
  rig.client.will_answer(200, R"({"rule":"b"})");
  BacktestArguments arguments;
  arguments.from = "2026-11-01T00:00:00Z";
  arguments.to = "2026-11-02T00:00:00Z";
  CHECK(backtest_rules(rig.session, arguments) == kDone);
  CHECK(json::parse(rig.out.str()).at("rules").size() == 2);
  CHECK(json::parse(rig.client.asked.at(2).body) ==
        json{{"rule_name", "b"}, {"from", arguments.from}, {"to", arguments.to}});
}

TEST_CASE("a rule that cannot be back-tested does not keep others from it") {
  Rig rig;
  rig.client.will_answer(200, R"({"rules":[{"name":"unwell"},{"name":"collapse"}]})");
  rig.client.will_answer(422,
                         R"({"title":"Unprocessable Content","detail":"no health is stored"})");
  rig.client.will_answer(200, kReport);
  CHECK(backtest_rules(rig.session, {}) == kDone);
  CHECK(rig.err.str().empty());
  CHECK_THAT(rig.out.str(), Catch::EndsWith("left out: unwell: no health is stored\n"));
  CHECK_THAT(rig.out.str(), Catch::Contains("collapse would have fired 3 times"));
}

TEST_CASE("a back-test that fails says why") {
  Rig rig;
  BacktestArguments arguments;
  arguments.target = "no-such.yaml";
  CHECK(backtest_rules(rig.session, arguments) == kFailed);
  CHECK(rig.err.str() == "vitalsctl: there is no file no-such.yaml\n");
  arguments.target = "no-such-rule";
  rig.client.will_answer(404,
                         R"({"title":"Not Found","detail":"there is no rule 'no-such-rule'"})");
  CHECK(backtest_rules(rig.session, arguments) == kFailed);
  CHECK(backtest_rules(rig.session, arguments) == kUnreachable);
}

TEST_CASE("rules commands are read from the command line") {
  const auto read = [](const std::vector<std::string>& words) {
    CommandRig rig;
    return read_arguments(words, rig.console);
  };
  CHECK(read({"rules"}).command);
  CHECK(read({"rules", "check", "a.yaml", "b.yaml", "--config", "vitals.yaml"}).command);
  CHECK(read({"rules", "test", "a.yaml", "--junit", "out.xml"}).command);
  CHECK(read({"rules", "backtest"}).command);
  CHECK(read({"rules", "backtest", "a.yaml", "--rule", "x", "--last", "7d"}).command);
  CHECK(read({"rules", "check"}).exit_status == kUsage);
  CHECK(read({"rules", "backtest", "a", "--last", "soon"}).exit_status == kUsage);
  CHECK(read({"rules", "backtest", "a", "--last", "7d", "--from", "now-1d"}).exit_status == kUsage);
}
