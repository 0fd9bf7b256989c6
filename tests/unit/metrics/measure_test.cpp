#include <cmath>

#include <catch2/catch.hpp>

#include <vitals/metrics/measure.h>

#include "executions.h"

using namespace vitals::metrics;
using namespace vitals::metrics::test;

namespace {

/// The derived measure of each execution.
std::vector<double> derive(Measure measure, const std::vector<Execution>& executions,
                           const Options& options = {}) {
  const ExecutionBatch batch = batch_of(executions);
  return MeasuredBatch(batch, options).column(measure);
}

}  // namespace

TEST_CASE("total tokens are those that are known") {
  const auto total = derive(Measure::total_tokens,
                            {succeeded({{Number::input_tokens, 10}, {Number::output_tokens, 5}}),
                             succeeded({{Number::input_tokens, 7}}),
                             succeeded({{Number::output_tokens, 3}}), succeeded()});
  REQUIRE(total.size() == 4);
  CHECK(total[0] == 15);
  CHECK(total[1] == 7);
  CHECK(total[2] == 3);
  CHECK(std::isnan(total[3]));
  CHECK(derive(Measure::total_tokens, {succeeded({{Number::output_tokens, 3}})}) ==
        std::vector<double>{3});
  CHECK(derive(Measure::total_tokens, {succeeded()}).empty());
}

TEST_CASE("quality is the weighted mean of the dimensions present") {
  Options options;
  options.quality.accuracy = 2;
  options.quality.relevance = 0;
  const auto quality =
      derive(Measure::response_quality,
             {succeeded({{Number::clarity, 6}, {Number::accuracy, 9}, {Number::overall, 1}}),
              succeeded({{Number::completeness, 4}}), succeeded({{Number::overall, 7.5}}),
              succeeded(), succeeded({{Number::relevance, 9}, {Number::overall, 2}})},
             options);
  REQUIRE(quality.size() == 5);
  CHECK(quality[0] == Approx(8));  // (6 + 2·9) / 3: overall does not count beside dimensions
  CHECK(quality[1] == 4);
  CHECK(quality[2] == 7.5);
  CHECK(std::isnan(quality[3]));
  CHECK(quality[4] == 2);  // a dimension of weight 0 is not looked at
  CHECK(derive(Measure::response_quality, {succeeded({{Number::overall, 3}})}) ==
        std::vector<double>{3});
  CHECK(derive(Measure::response_quality, {succeeded()}).empty());
}

TEST_CASE("satisfaction mixes sentiment into the rating where it is known") {
  const std::vector<Execution> executions{
      succeeded({{Number::rating, 4}, {Number::sentiment, 1}}), succeeded({{Number::rating, 4}}),
      succeeded({{Number::sentiment, 1}}),
      succeeded({{Number::rating, 2}, {Number::sentiment, -0.5}})};
  const auto satisfaction = derive(Measure::satisfaction, executions);
  REQUIRE(satisfaction.size() == 4);
  CHECK(satisfaction[0] == Approx(0.8 * 4 + 0.2 * 5));
  CHECK(satisfaction[1] == 4);
  CHECK(std::isnan(satisfaction[2]));
  CHECK(satisfaction[3] == Approx(0.8 * 2 + 0.2 * 2));

  Options no_sentiment;
  no_sentiment.sentiment_weight = 0;
  CHECK(derive(Measure::satisfaction, executions, no_sentiment)[0] == 4);
  CHECK(derive(Measure::satisfaction, {succeeded({{Number::sentiment, 1}})}).empty());
}

TEST_CASE("the event's own numbers are measures as they are") {
  const ExecutionBatch batch = batch_of({succeeded({{Number::cpu_ms, 12}})});
  const MeasuredBatch measured(batch, {});
  CHECK(&measured.batch() == &batch);
  CHECK(measured.column(measure_of(Number::cpu_ms)) == std::vector<double>{12});
  CHECK(measured.column(measure_of(Number::rating)).empty());
}

TEST_CASE("an empty batch measures nothing") {
  const ExecutionBatch batch;
  const MeasuredBatch measured(batch, {});
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    CHECK(measured.column(static_cast<Measure>(i)).empty());
  }
}

TEST_CASE("columns that are read suffice to derive every measure") {
  std::vector<std::pair<Number, double>> numbers;
  for (std::size_t i = 0; i < vitals::model::kNumberCount; ++i) {
    numbers.emplace_back(static_cast<Number>(i), 1 + static_cast<double>(i) / 10);
  }
  const ExecutionBatch full = batch_of({succeeded(numbers), failed(numbers)});
  const MeasuredBatch expected(full, {});
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    const auto measure = static_cast<Measure>(i);
    vitals::model::ColumnSet columns;
    require_measure(measure, columns);
    ExecutionBatch read = full;
    for (std::size_t n = 0; n < vitals::model::kNumberCount; ++n) {
      if (!columns.has(static_cast<Number>(n))) read.numbers[n].clear();
    }
    CAPTURE(i);
    CHECK(MeasuredBatch(read, {}).column(measure) == expected.column(measure));
  }
}
