#include <cmath>
#include <functional>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include <vitals/metrics/metric.h>

#include "executions.h"

namespace vitals::metrics::test {
namespace {

const Catalogue kCatalogue{Options{}};

/// How often the interval of `metric` holds the truth, in percent of many made-up windows.
double coverage(const std::string& metric, const std::string& stat, double confidence, double truth,
                const std::function<std::vector<Execution>(std::mt19937_64&)>& make) {
  constexpr int kWindows = 2'000;
  std::mt19937_64 random(17);
  const Metric& asked = *kCatalogue.find(metric);
  const Stat of = *parse_stat(stat);
  int held = 0;
  for (int i = 0; i < kWindows; ++i) {
    const Cell cell = cell_of(make(random), asked.needs(of));
    const auto interval = asked.interval(cell, of, 60, confidence);
    held += interval && interval->low <= truth && truth <= interval->high ? 1 : 0;
  }
  return 100.0 * held / kWindows;
}

std::vector<Execution> times(std::size_t count, const std::function<Execution()>& make) {
  std::vector<Execution> executions;
  for (std::size_t i = 0; i < count; ++i) executions.push_back(make());
  return executions;
}

Execution with_duration(double ms) { return succeeded({{Number::duration_ms, ms}}); }

TEST_CASE("an interval of a rate is Wilson's") {
  const Metric& rate = *kCatalogue.find("execution_success_rate");
  std::vector<Execution> executions = times(8, [] { return succeeded(); });
  executions.push_back(failed());
  executions.push_back(failed());
  // E. B. Wilson 1927; 8 of 10 at 95 %: 0.4902 to 0.9433.
  const auto interval = rate.interval(cell_of(executions), {}, 60, 95);
  REQUIRE(interval);
  CHECK(interval->low == Approx(49.02).margin(0.01));
  CHECK(interval->high == Approx(94.33).margin(0.01));
  CHECK_FALSE(rate.interval(cell_of({}), {}, 60, 95));
}

TEST_CASE("intervals of rates hold the truth as often as they say") {
  const double share = GENERATE(0.5, 0.9, 0.98);
  for (const std::size_t count : {30U, 300U}) {
    CAPTURE(share, count);
    const double held =
        coverage("execution_success_rate", "mean", 95, 100 * share, [&](std::mt19937_64& random) {
          std::bernoulli_distribution good(share);
          return times(count, [&] { return good(random) ? succeeded() : failed(); });
        });
    CHECK(held > 92);
    CHECK(held < 98.5);
  }
}

TEST_CASE("intervals of means, counts, sums and quantiles hold the truth as often as they say") {
  struct Case {
    const char* metric;
    const char* stat;
    double truth;
  };
  // Normal(1000, 200) durations of a Poisson(40) number of executions, within 60 s.
  const Case asked =
      GENERATE(Case{"completion_time", "mean", 1}, Case{"duration_ms", "mean", 1'000},
               Case{"duration_ms", "p50", 1'000}, Case{"duration_ms", "p75", 1'000 + 0.67449 * 200},
               Case{"duration_ms", "sum", 40'000}, Case{"duration_ms", "rate", 40'000 / 60.0},
               Case{"duration_ms", "count", 40}, Case{"executions", "mean", 40},
               Case{"throughput", "mean", 40 / 60.0}, Case{"concurrency", "mean", 40 / 60.0});
  CAPTURE(asked.metric, asked.stat);
  const double held =
      coverage(asked.metric, asked.stat, 90, asked.truth, [](std::mt19937_64& random) {
        std::normal_distribution<> duration(1'000, 200);
        const auto count = std::poisson_distribution<std::size_t>(40)(random);
        return times(count, [&] { return with_duration(duration(random)); });
      });
  CHECK(held > 87);
  CHECK(held < 94.5);
}

TEST_CASE("the interval of composed scores holds the truth about as often as it says") {
  // Success 92 %: score 66; quality 8: 70; satisfaction 4: 70. Efficiency has no data.
  const double held = coverage(
      "overall_performance_score", "mean", 95, (66.0 + 70 + 70) / 3, [](std::mt19937_64& random) {
        std::bernoulli_distribution good(0.92);
        std::uniform_real_distribution<> clarity(7.5, 8.5);
        std::uniform_real_distribution<> rating(3.6, 4.4);
        return times(200, [&] {
          Execution one = good(random) ? succeeded() : failed();
          one.numbers = {{Number::clarity, clarity(random)}, {Number::rating, rating(random)}};
          return one;
        });
      });
  CHECK(held > 92);
  CHECK(held < 98.5);
}

TEST_CASE("robustness and efficiency have intervals around their values") {
  std::vector<Execution> executions;
  for (int i = 0; i < 60; ++i) {
    Execution one = failed({{Number::duration_ms, 30'000.0 + 1'000 * (i % 20)}});
    one.outcome.detected = i % 3 == 0 ? Tri::no : Tri::yes;
    one.outcome.recovered = i % 2 == 0 ? Tri::no : Tri::yes;
    executions.push_back(one);
  }
  const Cell cell = cell_of(executions);
  for (const char* name : {"error_handling_robustness", "task_completion_efficiency"}) {
    CAPTURE(name);
    const Metric& metric = *kCatalogue.find(name);
    const auto narrow = metric.interval(cell, {}, 60, 80);
    const auto wide = metric.interval(cell, {}, 60, 99);
    REQUIRE(narrow);
    REQUIRE(wide);
    const double value = *metric.value(cell, {}, 60);
    CHECK(wide->low < narrow->low);
    CHECK(narrow->low < value);
    CHECK(value < narrow->high);
    CHECK(narrow->high < wide->high);
  }
}

TEST_CASE("what a cell does not tell has no interval") {
  for (const char* name : {"tokens_per_success", "cost_per_success", "token_efficiency",
                           "efficiency_optimization", "users", "sessions"}) {
    CAPTURE(name);
    CHECK_FALSE(kCatalogue.find(name)->has_interval({}));
  }
  for (const char* stat : {"min", "max", "stddev"}) {
    CHECK_FALSE(kCatalogue.find("duration_ms")->has_interval(*parse_stat(stat)));
  }
  const Metric& duration = *kCatalogue.find("duration_ms");
  CHECK_FALSE(duration.interval(cell_of({with_duration(1)}), {}, 60, 95));
  // Of ten values none is certainly above the 99th percentile.
  const Cell ten = cell_of(times(10, [] { return with_duration(5); }));
  CHECK_FALSE(duration.interval(ten, *parse_stat("p99"), 60, 95));
  CHECK(duration.interval(ten, *parse_stat("p50"), 60, 95));
}

}  // namespace
}  // namespace vitals::metrics::test
