#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/analytics/trend.h>

namespace vitals::analytics {
namespace {

std::vector<Sample> series(const std::vector<double>& values) {
  std::vector<Sample> samples;
  for (const double value : values) samples.push_back({static_cast<double>(samples.size()), value});
  return samples;
}

Trend trend_of(const std::vector<Sample>& samples) {
  const auto trend = robust_trend(samples);
  REQUIRE(trend.has_value());
  return *trend;
}

TEST_CASE("a straight line has its own slope, and ends where it ends") {
  const Trend trend = trend_of(series({10, 12, 14, 16, 18, 20, 22, 24}));
  CHECK(trend.slope == Approx(2));
  CHECK(trend.level == Approx(24));
  // S = 28 of 28 pairs, variance 8·7·21/18 = 65.33: z = 27/8.083 = 3.340.
  CHECK(trend.p_value == Approx(0.000837).epsilon(0.01));
  CHECK(*time_to_reach(trend, 30) == Approx(3));
  CHECK(*time_to_reach(trend, 24) == 0);
  CHECK_FALSE(time_to_reach(trend, 20));
}

TEST_CASE("a wild value does not bend the line") {
  const Trend trend = trend_of(series({10, 12, 14, 1000, 18, 20, -500, 24, 26}));
  CHECK(trend.slope == Approx(2));
  CHECK(trend.level == Approx(26));
}

TEST_CASE("times need not be equally far apart") {
  const Trend trend = trend_of({{0, 5}, {1, 4.5}, {10, 0}, {11, -0.5}, {30, -10}});
  CHECK(trend.slope == Approx(-0.5));
  CHECK(*time_to_reach(trend, -12) == Approx(4));
}

TEST_CASE("ties widen the doubt") {
  const Trend trend = trend_of(series({1, 1, 2, 2, 3, 3}));
  // S = 12, variance (6·5·17 - 3·2·1·9)/18 = 25.333: z = 11/5.033 = 2.1855.
  CHECK(trend.p_value == Approx(0.02885).epsilon(0.01));
}

TEST_CASE("a series without change has no trend, and reaches nothing") {
  const Trend trend = trend_of(series({7, 7, 7, 7, 7}));
  CHECK(trend.slope == 0);
  CHECK(trend.p_value == 1);
  CHECK_FALSE(time_to_reach(trend, 8));
  CHECK(*time_to_reach(trend, 7) == 0);
}

TEST_CASE("too little is no trend") {
  CHECK_FALSE(robust_trend(series({1, 2, 3})));
  CHECK_FALSE(robust_trend(std::vector<Sample>{{1, 1}, {1, 2}, {1, 3}, {1, 4}}));
}

TEST_CASE("noise is called a trend about as often as the level says") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(90, 2);
  int called = 0;
  for (int run = 0; run < 1000; ++run) {
    std::vector<double> values;
    for (int i = 0; i < 24; ++i) values.push_back(noise(random));
    called += trend_of(series(values)).p_value < 0.05 ? 1 : 0;
  }
  CHECK(called > 20);
  CHECK(called < 90);
}

TEST_CASE("a planted slope under noise is found") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 1);
  for (int run = 0; run < 50; ++run) {
    std::vector<double> values;
    for (int i = 0; i < 48; ++i) values.push_back(95 - 0.25 * i + noise(random));
    const Trend trend = trend_of(series(values));
    CHECK(trend.slope == Approx(-0.25).margin(0.07));
    CHECK(trend.p_value < 0.001);
    CHECK(trend.level == Approx(95 - 0.25 * 47).margin(2.5));
  }
}

}  // namespace
}  // namespace vitals::analytics
