#include <catch2/catch.hpp>

#include "config_files.h"

namespace vitals::config::test {
namespace {

TEST_CASE("evaluators are read, with their token from a file") {
  Files files;
  files.write("token", "sesame\n");
  const auto config = files.load(
      "evaluators:\n"
      "  - {name: judge-v2, url: 'http://127.0.0.1:1/'}\n"
      "  - name: other\n"
      "    url: https://example.com/assess\n"
      "    headers: {x-team: search}\n"
      "    bearer_token_file: token\n"
      "    sample: 0.01\n"
      "    filter: ['prompt:search/*', 'environment:!test']\n"
      "    timeout: 5s\n"
      "    retries: 0\n"
      "    concurrency: 16\n"
      "    budget_per_hour: 20\n"
      "    max_age: 10m\n");
  REQUIRE(config.ok());
  REQUIRE(config->evaluators.size() == 2);
  const evaluate::Evaluator& first = config->evaluators[0];
  CHECK(first.name == "judge-v2");
  CHECK(first.url == "http://127.0.0.1:1/");
  CHECK(first.sample == 0.1);
  const evaluate::Evaluator& second = config->evaluators[1];
  CHECK(second.headers == std::map<std::string, std::string>{{"x-team", "search"},
                                                             {"authorization", "Bearer sesame"}});
  CHECK(second.sample == 0.01);
  REQUIRE(second.filters.size() == 2);
  CHECK(second.filters[1].to_string() == "environment:!test");
  CHECK(second.timeout_ms == 5'000);
  CHECK(second.retries == 0);
  CHECK(second.concurrency == 16);
  CHECK(second.budget_per_hour == 20);
  CHECK(second.max_age_ms == 600'000);
}

TEST_CASE("what is wrong with an evaluator is said with line, key and reason") {
  Files files;
  CHECK(files.problems("evaluators:\n"
                       "  - url: example.com\n"
                       "    sampel: 1\n"
                       "    filter: ['user:ann']\n"
                       "  - {name: a b, url: 'http://x', sample: 1.5}\n"
                       "  - {name: c, url: 'http://x', concurrency: 0, headers: {\"\": x}}\n"
                       "  - {name: c, url: 'http://x'}\n") ==
        "vitals.yaml:2: evaluators[0].name: must be 1 to 64 letters, digits, '_', '-' and '.'\n"
        "vitals.yaml:2: evaluators[0].url: must begin with http:// or https://\n"
        "vitals.yaml:4: evaluators[0].filter: evaluators are told nothing of a user\n"
        "vitals.yaml:3: evaluators[0].sampel: unknown key; did you mean 'sample'?\n"
        "vitals.yaml:5: evaluators[1].name: must be 1 to 64 letters, digits, '_', '-' and '.'\n"
        "vitals.yaml:5: evaluators[1].sample: '1.5': expected a number from 0 to 1\n"
        "vitals.yaml:6: evaluators[2].headers: names and values must be printable\n"
        "vitals.yaml:6: evaluators[2].concurrency: '0': expected a whole number from 1 to 64\n"
        "vitals.yaml:7: evaluators[3].name: another evaluator is called 'c' too");
  CHECK_THAT(files.problems("evaluators: [{name: d, url: 'http://x', filter: ['colour:red']}]\n"),
             Catch::StartsWith("vitals.yaml:1: evaluators[0].filter: unknown field 'colour'"));
}

}  // namespace
}  // namespace vitals::config::test
