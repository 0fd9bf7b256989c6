#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/sketch/moments.h>

using vitals::sketch::Moments;

namespace {

Moments one_by_one(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.add(value);
  return moments;
}

Moments at_once(const std::vector<double>& values) {
  Moments moments;
  moments.add(values);
  return moments;
}

void check_same(const Moments& a, const Moments& b) {
  CHECK(a.count == b.count);
  CHECK(a.total() == Approx(b.total()).epsilon(1e-12));
  CHECK(a.mean == Approx(b.mean).epsilon(1e-12));
  CHECK(a.stddev() == Approx(b.stddev()).epsilon(1e-9));
  CHECK(a.min == b.min);
  CHECK(a.max == b.max);
}

}  // namespace

TEST_CASE("moments of known numbers") {
  for (const Moments& moments :
       {one_by_one({2, 4, 4, 4, 5, 5, 7, 9}), at_once({2, 4, 4, 4, 5, 5, 7, 9})}) {
    CHECK(moments.count == 8);
    CHECK(moments.total() == 40);
    CHECK(moments.mean == Approx(5));
    CHECK(moments.stddev() == Approx(2));
    CHECK(moments.min == 2);
    CHECK(moments.max == 9);
  }
  CHECK(one_by_one({7}).stddev() == 0);
  CHECK(at_once({7}).stddev() == 0);
}

TEST_CASE("a sum keeps what plain addition loses") {
  CHECK(one_by_one({1e16, 1, 1, -1e16}).total() == 2);
  CHECK(at_once({1e16, 1, 1, -1e16}).total() == 2);

  std::vector<double> cents(1'000'000, 0.1);
  CHECK(std::abs(one_by_one(cents).total() - 100'000) < 1e-9);
  Moments merged;
  for (int i = 0; i < 1000; ++i) merged.merge(at_once(std::vector<double>(1000, 0.1)));
  CHECK(std::abs(merged.total() - 100'000) < 1e-9);
}

TEST_CASE("a small spread around a large mean survives") {
  std::vector<double> values;
  for (int i = 0; i < 10'000; ++i) values.push_back(1e9 + i % 2);
  CHECK(one_by_one(values).stddev() == Approx(0.5).epsilon(1e-6));
  CHECK(at_once(values).stddev() == Approx(0.5).epsilon(1e-9));
}

TEST_CASE("merging moments is adding all values, in any order") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> durations(6, 1.5);
  std::vector<double> values(5000);
  std::generate(values.begin(), values.end(), [&] { return durations(random) - 200; });

  const auto third = static_cast<std::ptrdiff_t>(values.size() / 3);
  const Moments a = at_once({values.begin(), values.begin() + third});
  const Moments b = one_by_one({values.begin() + third, values.begin() + 2 * third});
  const Moments c = at_once({values.begin() + 2 * third, values.end()});
  const auto merge = [](Moments left, const Moments& right) {
    left.merge(right);
    return left;
  };
  const Moments all = one_by_one(values);
  check_same(merge(merge(a, b), c), all);
  check_same(merge(a, merge(b, c)), all);
  check_same(merge(c, merge(b, a)), all);
  check_same(merge({}, a), a);
  check_same(merge(a, {}), a);
}

TEST_CASE("nothing added is the identity") {
  Moments moments;
  moments.add(std::vector<double>{});
  CHECK(moments.count == 0);
  moments.merge({});
  CHECK(moments.count == 0);
  CHECK(moments.total() == 0);
}
