#include <catch2/catch.hpp>

#include "config_files.h"

namespace vitals::config::test {
namespace {

TEST_CASE("benchmarks of prompts are read") {
  Files files;
  const auto config = files.load(
      "benchmarks:\n"
      "  - prompt: support/*|search\n"
      "    version: v*\n"
      "    metrics:\n"
      "      execution_success_rate: 98\n"
      "      completion_time: {target: 10, alert: 20}\n"
      "      user_satisfaction_rating: {alert: 4}\n"
      "  - version: \"\"\n"
      "    metrics: {cost_usd: 0.02, redundancy: 1}\n");
  REQUIRE(config.ok());
  REQUIRE(config->benchmarks.size() == 2);
  const insight::PromptBenchmarks& first = config->benchmarks[0];
  CHECK(first.prompt.value().to_string() == "prompt:support/*|search");
  CHECK(first.version.value().to_string() == "version:v*");
  REQUIRE(first.metrics.size() == 3);
  CHECK(first.metrics.at("execution_success_rate").target == 98);
  CHECK(!first.metrics.at("execution_success_rate").alert);
  CHECK(first.metrics.at("completion_time").target == 10);
  CHECK(first.metrics.at("completion_time").alert == 20);
  CHECK(!first.metrics.at("user_satisfaction_rating").target);
  CHECK(first.metrics.at("user_satisfaction_rating").alert == 4);
  const insight::PromptBenchmarks& second = config->benchmarks[1];
  CHECK(!second.prompt);
  CHECK(second.version.value().matches(""));
  CHECK(!second.version->matches("v1"));
  CHECK(second.metrics.at("cost_usd").target == 0.02);
}

TEST_CASE("what is wrong with a benchmark is said with line, key and reason") {
  Files files;
  CHECK(files.problems("benchmarks:\n"
                       "  - promt: a\n"
                       "    metrics: {execution_success_rat: 98, speed: 1}\n"
                       "  - prompt: \"\"\n"
                       "  - metrics:\n"
                       "      throughput: 1\n"
                       "      errors: 1\n"
                       "      tokens_per_success: 100\n"
                       "      execution_success_rate: 101\n"
                       "      clarity: {target: 8, alert: high}\n"
                       "      rating: {min: 3}\n"
                       "      accuracy: \"9\"\n"
                       "      sentiment:\n"
                       "  - prompt:\n"
                       "    metrics: {clarity: 8}\n") ==
        "vitals.yaml:3: benchmarks[0].metrics.execution_success_rat: there is no metric "
        "'execution_success_rat'; did you mean 'execution_success_rate'?\n"
        "vitals.yaml:3: benchmarks[0].metrics.speed: there is no metric 'speed'; 'vitalsctl "
        "metrics' lists them\n"
        "vitals.yaml:2: benchmarks[0].promt: unknown key; did you mean 'prompt'?\n"
        "vitals.yaml:4: benchmarks[1].prompt: is empty: no prompt is called so\n"
        "vitals.yaml:4: benchmarks[1].metrics: needs at least one metric\n"
        "vitals.yaml:6: benchmarks[2].metrics.throughput: neither more nor less of it is better\n"
        "vitals.yaml:7: benchmarks[2].metrics.errors: it grows with the time that is asked about, "
        "and the verdict with it\n"
        "vitals.yaml:8: benchmarks[2].metrics.tokens_per_success: no interval of it is known "
        "(docs/metrics.md, \"Intervals\"), so it cannot be judged\n"
        "vitals.yaml:9: benchmarks[2].metrics.execution_success_rate: '101': expected a number "
        "from 0 to 100\n"
        "vitals.yaml:10: benchmarks[2].metrics.clarity.alert: 'high': expected a number from 0 to "
        "10\n"
        "vitals.yaml:11: benchmarks[2].metrics.rating: needs a target or an alert\n"
        "vitals.yaml:11: benchmarks[2].metrics.rating.min: unknown key\n"
        "vitals.yaml:12: benchmarks[2].metrics.accuracy: expected a number, without quotes\n"
        "vitals.yaml:13: benchmarks[2].metrics.sentiment: needs a target or an alert\n"
        "vitals.yaml:14: benchmarks[3].prompt: has no value");
}

TEST_CASE("a target must not be worse than the alert threshold, whosever they are") {
  Files files;
  CHECK(files.problems("benchmarks:\n"
                       "  - metrics:\n"
                       "      clarity: {target: 7, alert: 8}\n"
                       "      completion_time: {target: 20, alert: 10}\n"
                       "      execution_success_rate: 85\n"
                       "      user_satisfaction_rating: {alert: 4.5}\n") ==
        "vitals.yaml:3: benchmarks[0].metrics.clarity: the target 7 is worse than the alert 8: "
        "more is better\n"
        "vitals.yaml:4: benchmarks[0].metrics.completion_time: the target 20 is worse than the "
        "alert 10: less is better\n"
        "vitals.yaml:5: benchmarks[0].metrics.execution_success_rate: the target 85 is worse than "
        "the alert 90 (the metric's own): more is better\n"
        "vitals.yaml:6: benchmarks[0].metrics.user_satisfaction_rating: the target 4.2 (the "
        "metric's own) is worse than the alert 4.5: more is better");
  CHECK(
      files.problems("benchmarks: [{metrics: {execution_success_rate: {target: 85, alert: 85}}}]\n")
          .empty());
}

}  // namespace
}  // namespace vitals::config::test
