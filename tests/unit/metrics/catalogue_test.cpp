#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include <vitals/metrics/metric.h>

#include "executions.h"

using namespace vitals::metrics;
using namespace vitals::metrics::test;

namespace {

std::optional<double> value_of(const std::string& name, const Cell& cell,
                               const std::string& stat = "mean", double seconds = 60) {
  const Catalogue catalogue{Options{}};
  const Metric* metric = catalogue.find(name);
  REQUIRE(metric != nullptr);
  return metric->value(cell, parse_stat(stat).value(), seconds);
}

std::uint64_t samples_of(const std::string& name, const Cell& cell) {
  return Catalogue{Options{}}.find(name)->samples(cell);
}

}  // namespace

TEST_CASE("every metric has a name of its own, a unit and a description, and is documented") {
  std::ifstream file(VITALS_ROOT "/docs/metrics.md");
  REQUIRE(file.good());
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> names;
  const Catalogue catalogue{Options{}};
  for (const auto& metric : catalogue.all()) {
    const MetricInfo& info = metric->info();
    CAPTURE(info.name);
    CHECK(names.insert(info.name).second);
    CHECK(catalogue.find(info.name) == metric.get());
    CHECK_FALSE(info.unit.empty());
    CHECK_FALSE(info.description.empty());
    CHECK(info.target.has_value() == info.alert.has_value());
    CHECK(document.find("| `" + info.name + "` | " + info.unit + " |") != std::string::npos);
  }
  CHECK(catalogue.find("no_such_metric") == nullptr);
}

TEST_CASE("needs suffice for the value and name nothing else") {
  const std::vector<Execution> executions{
      {.outcome = {Tri::yes},
       .numbers = {{Number::duration_ms, 900},
                   {Number::time_to_first_token_ms, 90},
                   {Number::cost_usd, 0.01},
                   {Number::input_tokens, 100},
                   {Number::output_tokens, 50},
                   {Number::iterations, 2},
                   {Number::clarity, 8},
                   {Number::accuracy, 7},
                   {Number::completeness, 6},
                   {Number::relevance, 9},
                   {Number::rating, 4},
                   {Number::sentiment, 0.5},
                   {Number::cpu_ms, 5},
                   {Number::memory_bytes, 1e6},
                   {Number::network_bytes, 2e4},
                   {Number::language_specificity, 8},
                   {Number::instruction_precision, 7},
                   {Number::context_completeness, 6},
                   {Number::redundancy, 0.2},
                   {Number::information_density, 5},
                   {Number::logical_flow, 4},
                   {Number::hierarchy_clarity, 3},
                   {Number::section_organization, 2}},
       .labels = {{Label::user, "ann"}, {Label::session, "s"}}},
      {.outcome = {Tri::no, Tri::yes, Tri::no, Tri::yes}, .numbers = {{Number::duration_ms, 100}}}};
  const Cell full = cell_of(executions);
  const Catalogue catalogue{Options{}};
  for (const auto& metric : catalogue.all()) {
    for (const char* text : {"mean", "sum", "max", "count", "rate", "stddev", "p95"}) {
      const Stat stat = parse_stat(text).value();
      CAPTURE(metric->info().name, text);
      const Cell cell = cell_of(executions, metric->needs(stat));
      const auto value = metric->value(cell, stat, 60);
      REQUIRE(value.has_value());
      CHECK(std::isfinite(*value));
      CHECK(*value == Approx(metric->value(full, stat, 60).value()));
      CHECK(metric->samples(cell) == metric->samples(full));
      CHECK(metric->samples(cell) > 0);
      if (!metric->info().takes_stat) CHECK(metric->needs(stat) == metric->needs(Stat{}));
    }
  }
  const Metric* duration = catalogue.find("duration_ms");
  CHECK(duration->needs(parse_stat("p95").value()).moments == 0);
  CHECK(duration->needs(parse_stat("sum").value()).sketches == 0);
}

TEST_CASE("without data a metric has no value, not even a count") {
  const Catalogue catalogue{Options{}};
  for (const Cell& cell : {Cell(), Cell(Needs::everything())}) {
    for (const auto& metric : catalogue.all()) {
      CAPTURE(metric->info().name);
      CHECK(metric->samples(cell) == 0);
      for (const char* stat : {"mean", "sum", "min", "max", "count", "rate", "stddev", "p50"}) {
        CHECK_FALSE(metric->value(cell, parse_stat(stat).value(), 60).has_value());
      }
    }
  }
  CHECK(value_of("duration_ms", cell_of({succeeded()}), "count") == 0.0);
  CHECK(value_of("errors", cell_of({succeeded()})) == 0.0);
}

TEST_CASE("success rate is of the executions with a status") {
  const Cell cell = cell_of({succeeded(), succeeded(), succeeded(), failed(), {}});
  CHECK(value_of("execution_success_rate", cell) == 75.0);
  CHECK(samples_of("execution_success_rate", cell) == 4);
  CHECK(value_of("executions", cell) == 5.0);
  CHECK(value_of("successes", cell) == 3.0);
  CHECK(value_of("errors", cell) == 1.0);
  CHECK(value_of("throughput", cell, "mean", 10) == 0.5);
  CHECK_FALSE(value_of("concurrency", cell).has_value());
  const Cell busy = cell_of(
      {succeeded({{Number::duration_ms, 90'000}}), succeeded({{Number::duration_ms, 30'000}}), {}});
  CHECK(value_of("concurrency", busy, "mean", 60) == 2);
  CHECK(samples_of("concurrency", busy) == 2);
  CHECK_FALSE(value_of("execution_success_rate", cell_of({{}})).has_value());
}

TEST_CASE("efficiency holds means against budgets and leaves absent terms out") {
  // 60 s against 30: 50; 4,000 tokens against 4,000: 100; 4 iterations against 1: 25.
  const Cell cell =
      cell_of({succeeded({{Number::duration_ms, 90'000}, {Number::input_tokens, 3000}}),
               succeeded({{Number::duration_ms, 30'000},
                          {Number::output_tokens, 5000},
                          {Number::iterations, 4}})});
  CHECK(value_of("task_completion_efficiency", cell).value() ==
        Approx(0.5 * 50 + 0.3 * 100 + 0.2 * 25));
  CHECK(samples_of("task_completion_efficiency", cell) == 2);
  CHECK(value_of("task_completion_efficiency", cell_of({succeeded({{Number::iterations, 4}})})) ==
        25.0);
  CHECK(value_of("task_completion_efficiency", cell_of({succeeded({{Number::duration_ms, 0}})})) ==
        100.0);
}

TEST_CASE("the other core metrics are means with the samples behind them") {
  const Cell cell = cell_of({succeeded({{Number::duration_ms, 1500},
                                        {Number::clarity, 8},
                                        {Number::rating, 5},
                                        {Number::sentiment, 0}}),
                             failed({{Number::duration_ms, 2500}, {Number::overall, 6}})});
  CHECK(value_of("completion_time", cell) == 2.0);
  CHECK(samples_of("completion_time", cell) == 2);
  CHECK(value_of("response_quality_score", cell) == 7.0);
  CHECK(samples_of("response_quality_score", cell) == 2);
  CHECK(value_of("user_satisfaction_rating", cell).value() == Approx(4.6));
  CHECK(samples_of("user_satisfaction_rating", cell) == 1);
}

TEST_CASE("the overall score puts alerts at 50 and targets at 90") {
  const auto overall = [](std::size_t successes, std::size_t failures, double quality) {
    std::vector<Execution> executions(successes, succeeded({{Number::overall, quality}}));
    executions.insert(executions.end(), failures, failed());
    return value_of("overall_performance_score", cell_of(executions)).value();
  };
  CHECK(overall(90, 10, 7.5) == Approx(50));
  CHECK(overall(95, 5, 8.5) == Approx(90));
  CHECK(overall(95, 5, 7.5) == Approx(70));
  CHECK(overall(100, 0, 10) == Approx(100));
  CHECK(overall(1, 99, 0) == Approx(0));

  Options options;
  options.overall.quality = 3;
  const Cell cell = cell_of({succeeded({{Number::overall, 8}})});
  const double expected = (100 + 3 * 70) / 4.0;  // all succeeded: 100; quality 8: halfway
  CHECK(Catalogue(options).find("overall_performance_score")->value(cell, {}, 60).value() ==
        Approx(expected));
}

TEST_CASE("robustness leaves out what no error answers") {
  const auto robustness = [](const std::vector<Outcome>& outcomes) {
    std::vector<Execution> executions;
    for (const Outcome& outcome : outcomes) executions.push_back({.outcome = outcome});
    return value_of("error_handling_robustness", cell_of(executions));
  };
  // detected 1 of 2, recovered 1 of 1, degraded of none
  CHECK(robustness({{Tri::no, Tri::yes, Tri::yes, Tri::unknown},
                    {Tri::no, Tri::no, Tri::unknown, Tri::unknown}})
            .value() == Approx(10 * (0.5 + 1) / 2));
  CHECK_FALSE(robustness({{Tri::no, Tri::unknown, Tri::unknown, Tri::unknown}}).has_value());
  CHECK_FALSE(robustness({{Tri::yes, Tri::yes, Tri::yes, Tri::yes}}).has_value());
}

TEST_CASE("each dimension of error handling is a share of the errors that tell") {
  const Cell cell = cell_of({{.outcome = {Tri::no, Tri::yes, Tri::yes, Tri::unknown}},
                             {.outcome = {Tri::no, Tri::no, Tri::no, Tri::yes}},
                             {.outcome = {Tri::no, Tri::yes, Tri::no, Tri::no}},
                             {.outcome = {Tri::no, Tri::yes, Tri::no, Tri::no}},
                             {.outcome = {Tri::no, Tri::unknown, Tri::unknown, Tri::unknown}},
                             succeeded()});
  CHECK(value_of("error_detection_accuracy", cell) == Approx(7.5));
  CHECK(samples_of("error_detection_accuracy", cell) == 4);
  CHECK(value_of("error_recovery_rate", cell) == Approx(2.5));
  CHECK(value_of("graceful_degradation", cell) == Approx(10.0 / 3));
  CHECK(samples_of("graceful_degradation", cell) == 3);
  CHECK_FALSE(value_of("error_recovery_rate", cell_of({succeeded()})).has_value());
  // Wilson's interval of 3 of 4, at 95 %.
  const auto interval =
      Catalogue{Options{}}.find("error_detection_accuracy")->interval(cell, {}, 60, 95);
  REQUIRE(interval);
  CHECK(interval->low == Approx(3.006).margin(0.001));
  CHECK(interval->high == Approx(9.544).margin(0.001));
}

TEST_CASE("redundancy and tokens have scores of their own") {
  const Cell cell = cell_of({succeeded({{Number::redundancy, 0.1}, {Number::input_tokens, 6000}}),
                             succeeded({{Number::redundancy, 0.3}, {Number::input_tokens, 2000}}),
                             failed({{Number::input_tokens, 2000}})});
  CHECK(value_of("redundancy_elimination", cell) == Approx(8));
  CHECK(samples_of("redundancy_elimination", cell) == 2);
  CHECK(value_of("token_efficiency", cell) == Approx(8));
  CHECK(samples_of("token_efficiency", cell) == 3);
  CHECK_FALSE(value_of("token_efficiency", cell_of({failed({{Number::input_tokens, 1}})})));
  const auto interval =
      Catalogue{Options{}}.find("redundancy_elimination")->interval(cell, {}, 60, 90);
  REQUIRE(interval);
  // Student's t of one degree of freedom at 95 %: 6.3138, times 1 (√2 of deviation by √2).
  CHECK(interval->low == Approx(8 - 6.3138).margin(0.001));
  CHECK(interval->high == Approx(8 + 6.3138).margin(0.001));
}

TEST_CASE("clarity and structure are means of their traits, those left out that are not known") {
  const Cell cell = cell_of({succeeded({{Number::language_specificity, 9},
                                        {Number::instruction_precision, 6},
                                        {Number::logical_flow, 3}}),
                             failed({{Number::language_specificity, 7}}), succeeded()});
  CHECK(value_of("clarity_effectiveness", cell).value() == Approx(7));
  CHECK(samples_of("clarity_effectiveness", cell) == 2);
  CHECK(value_of("structural_organization", cell).value() == Approx(3));
  CHECK_FALSE(value_of("structural_organization", cell_of({succeeded()})).has_value());
}

TEST_CASE("efficiency of prompts is of tokens, redundancy and density") {
  const auto efficiency = [](const std::vector<Execution>& executions) {
    return value_of("efficiency_optimization", cell_of(executions));
  };
  const Execution dense = succeeded({{Number::redundancy, 0.2}, {Number::information_density, 5}});
  const Execution costly = failed({{Number::input_tokens, 8'000}});
  CHECK(efficiency({dense, costly}).value() == Approx((5 + 8 + 5) / 3.0));
  CHECK(efficiency({dense}).value() == Approx((8 + 5) / 2.0));
  CHECK(efficiency({succeeded({{Number::input_tokens, 10}})}).value() == Approx(10));
  CHECK_FALSE(efficiency({costly}).has_value());  // nothing succeeded
}

TEST_CASE("costs of all executions are borne by the successes") {
  const Cell cell =
      cell_of({succeeded({{Number::input_tokens, 100}, {Number::cost_usd, 0.5}}),
               failed({{Number::output_tokens, 60}, {Number::cost_usd, 0.25}}), succeeded()});
  CHECK(value_of("tokens_per_success", cell) == 80.0);
  CHECK(value_of("cost_per_success", cell) == 0.375);
  CHECK(samples_of("tokens_per_success", cell) == 2);
  CHECK_FALSE(value_of("cost_per_success", cell_of({failed({{Number::cost_usd, 1}})})).has_value());
}

TEST_CASE("a plain measure under every stat") {
  const Cell cell =
      cell_of({succeeded({{Number::duration_ms, 100}}), failed({{Number::duration_ms, 200}}),
               succeeded({{Number::duration_ms, 600}}), succeeded()});
  const auto duration = [&cell](const char* stat) {
    return value_of("duration_ms", cell, stat, 9).value();
  };
  CHECK(duration("mean") == 300);
  CHECK(duration("sum") == 900);
  CHECK(duration("min") == 100);
  CHECK(duration("max") == 600);
  CHECK(duration("count") == 3);
  CHECK(duration("rate") == 100);
  CHECK(duration("stddev") == Approx(std::sqrt(140'000.0 / 3)));
  CHECK(duration("p50") == 200);
  CHECK(duration("p99.9") == 600);
  CHECK(samples_of("duration_ms", cell) == 3);
}
