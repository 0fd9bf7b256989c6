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
                       "    filter: ['user:ann', 'colour:red']\n"
                       "  - {name: a b, url: 'http://x', sample: 1.5}\n"
                       "  - {name: c, url: 'http://x', concurrency: 0, headers: {\"\": x}}\n"
                       "  - {name: c, url: 'http://x'}\n") == "");
}

}  // namespace
}  // namespace vitals::config::test
