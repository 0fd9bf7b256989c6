#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/sketch/quantiles.h>

#include "distributions.h"

using namespace vitals::sketch;

namespace {

const std::vector<double> kQuantiles{0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};

Quantiles sketched(const std::vector<double>& values) {
  Quantiles sketch;
  sketch.add(values);
  return sketch;
}

Quantiles merged(Quantiles left, const Quantiles& right) {
  left.merge(right);
  return left;
}

/// Every quantile is within 1 % of the value at its nearest rank.
void check_error(const Quantiles& sketch, std::vector<double> values) {
  REQUIRE(sketch.count() == values.size());
  std::sort(values.begin(), values.end());
  for (const double q : kQuantiles) {
    const double truth = values[nearest_rank(q, values.size()) - 1];
    CAPTURE(q, truth, sketch.quantile(q));
    CHECK(std::abs(sketch.quantile(q) - truth) <= 0.01 * std::abs(truth));
  }
}

}  // namespace

TEST_CASE("nearest rank is the smallest rank that covers the share") {
  CHECK(nearest_rank(0.5, 10) == 5);
  CHECK(nearest_rank(0.5, 11) == 6);
  CHECK(nearest_rank(0.95, 100) == 95);
  CHECK(nearest_rank(0.951, 100) == 96);
  CHECK(nearest_rank(0, 10) == 1);
  CHECK(nearest_rank(1, 10) == 10);
  CHECK(nearest_rank(0.999, 10) == 10);
  for (std::uint64_t percent = 1; percent < 100; ++percent) {
    CAPTURE(percent);
    CHECK(nearest_rank(static_cast<double>(percent) / 100, 100) == percent);
    CHECK(nearest_rank(static_cast<double>(percent) / 100, 1'000'000) == percent * 10'000);
  }
}

TEST_CASE("a few values are kept exactly") {
  Quantiles sketch;
  CHECK(sketch.exact());
  CHECK(sketch.count() == 0);
  for (int i = 24; i > 0; --i) sketch.add(i * 1.1);
  CHECK(sketch.exact());
  CHECK(sketch.count() == 24);
  CHECK(sketch.quantile(0.5) == 12 * 1.1);
  CHECK(sketch.quantile(0.95) == 23 * 1.1);
  CHECK(std::is_sorted(sketch.values().begin(), sketch.values().end()));
  sketch.add(5);
  CHECK_FALSE(sketch.exact());
  CHECK(sketch.count() == 25);
  CHECK(sketch.values().empty());
}

TEST_CASE("quantiles are within 1 % over many distributions") {
  const auto seed = GENERATE(11U, 12U, 13U);
  for (const test::Distribution& distribution : test::distributions()) {
    CAPTURE(seed, distribution.name);
    const std::vector<double> values = test::draw(distribution, seed, 20'000);
    check_error(sketched(values), values);
  }
}

TEST_CASE("the worst place of a bucket is within 1 %") {
  for (double value = 1; value < 1.05; value += 1e-5) {
    const Quantiles sketch = sketched(std::vector<double>(30, value));
    REQUIRE_FALSE(sketch.exact());
    CAPTURE(value);
    REQUIRE(std::abs(sketch.quantile(0.5) - value) <= 0.01 * value);
  }
}

TEST_CASE("merging quantiles depends neither on order nor on grouping") {
  const auto seed = GENERATE(21U, 22U);
  const auto size = GENERATE(5U, 20U, 30U, 3000U);
  for (const test::Distribution& distribution : test::distributions()) {
    CAPTURE(seed, size, distribution.name);
    std::vector<double> values = test::draw(distribution, seed, 3 * size);
    const auto n = static_cast<std::ptrdiff_t>(size);
    const Quantiles a = sketched({values.begin(), values.begin() + n});
    const Quantiles b = sketched({values.begin() + n, values.begin() + 2 * n});
    const Quantiles c = sketched({values.begin() + 2 * n, values.end()});
    const Quantiles all = sketched(values);
    CHECK(merged(merged(a, b), c) == all);
    CHECK(merged(a, merged(b, c)) == all);
    CHECK(merged(c, merged(a, b)) == all);
    CHECK(merged({}, a) == a);
    CHECK(merged(a, {}) == a);
    check_error(merged(merged(a, b), c), values);
  }
}

TEST_CASE("a sketch merged with itself counts everything twice") {
  for (const std::size_t size : {3U, 20U, 40U}) {
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<double>(i) - 5;
    Quantiles sketch = sketched(values);
    sketch.merge(sketch);
    values.insert(values.end(), values.begin(), values.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(sketch == sketched(values));
  }
}

TEST_CASE("extreme numbers are taken") {
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  constexpr double kHuge = std::numeric_limits<double>::max();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double value : {kTiny, -kTiny, kHuge, -kHuge, 1e-310, -0.0, 0.0}) {
    CAPTURE(value);
    const Quantiles sketch = sketched(std::vector<double>(40, value));
    CHECK(sketch.count() == 40);
    CHECK(std::abs(sketch.quantile(0.5) - value) <= 0.01 * std::abs(value));
    CHECK(std::isfinite(sketch.quantile(1)));
  }
  Quantiles sketch;
  sketch.add(std::numeric_limits<double>::quiet_NaN());
  CHECK(sketch.count() == 0);
  sketch.add(kInfinity);
  sketch.add(-kInfinity);
  CHECK(sketch.quantile(0) == -kHuge);
  CHECK(sketch.quantile(1) == kHuge);
}

TEST_CASE("beyond the range of buckets only numbers nearest to zero are collapsed") {
  const auto seed = GENERATE(31U, 32U);
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(-300, 300);
  std::vector<double> values(20'000);
  std::generate(values.begin(), values.end(),
                [&] { return std::pow(10.0, exponent(random)) * (random() % 2 == 0 ? 1 : -1); });
  const Quantiles sketch = sketched(values);
  std::sort(values.begin(), values.end());
  for (const double q : {0.0, 0.001, 0.01, 0.99, 0.999, 1.0}) {
    const double truth = values[nearest_rank(q, values.size()) - 1];
    CAPTURE(q);
    CHECK(sketch.quantile(q) == Approx(truth).epsilon(0.01));
  }
  CHECK(sketch.count() == values.size());

  std::shuffle(values.begin(), values.end(), random);
  const std::vector<double> head(values.begin(), values.begin() + 7000);
  const std::vector<double> tail(values.begin() + 7000, values.end());
  CHECK(sketched(values) == sketch);
  CHECK(merged(sketched(tail), sketched(head)) == sketch);
}

TEST_CASE("sketches of numbers worlds apart merge either way round") {
  std::vector<double> small, large;
  for (int i = 1; i <= 100; ++i) {
    small.push_back(i * 1e-200);
    large.push_back(i * 1e200);
  }
  std::vector<double> all = small;
  all.insert(all.end(), large.begin(), large.end());
  const Quantiles sketch = merged(sketched(small), sketched(large));
  CHECK(sketch == merged(sketched(large), sketched(small)));
  CHECK(sketch == sketched(all));
  CHECK(sketch.count() == 200);
  CHECK(sketch.quantile(0.75) == Approx(50e200).epsilon(0.01));
  CHECK(sketch.quantile(0.25) < 1e170);  // collapsed, but still below all that is large
}

TEST_CASE("absent values do not make a sketch leave its exact form") {
  std::vector<double> values(100, std::numeric_limits<double>::quiet_NaN());
  values[7] = 3;
  const Quantiles sketch = sketched(values);
  CHECK(sketch.exact());
  CHECK(sketch.values() == std::vector<double>{3});
}
