#include <cmath>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/analytics/correlation.h>

namespace vitals::analytics {
namespace {

using Pairs = std::vector<std::pair<double, double>>;

Correlation of(const Pairs& pairs) {
  const auto found = rank_correlation(pairs);
  REQUIRE(found.has_value());
  return *found;
}

/// Against 1, 2, 3 …
Pairs against_order(const std::vector<double>& numbers) {
  Pairs pairs;
  for (const double number : numbers) {
    pairs.emplace_back(static_cast<double>(pairs.size()), number);
  }
  return pairs;
}

TEST_CASE("a known rank correlation is found") {
  // IQ and hours of television, the example of many textbooks: Σd² = 194, rho = -29/165.
  const Correlation found = of({{106, 7},
                                {100, 27},
                                {86, 2},
                                {101, 50},
                                {99, 28},
                                {103, 29},
                                {97, 20},
                                {113, 12},
                                {112, 6},
                                {110, 17}});
  CHECK(found.rho == Approx(-29.0 / 165));
  // t = 0.50502 of 8 degrees of freedom.
  CHECK(found.p_value == Approx(0.627188).epsilon(1e-5));
}

TEST_CASE("few pairs are tested by all their orders") {
  // Of 5! = 120 orders two are perfect; tables of Spearman's rho have 0.0417 at 0.9, one-sided.
  CHECK(of(against_order({1, 2, 3, 4, 5})).rho == 1);
  CHECK(of(against_order({1, 2, 3, 4, 5})).p_value == Approx(2.0 / 120));
  CHECK(of(against_order({5, 4, 3, 2, 1})).rho == -1);
  CHECK(of(against_order({2, 1, 3, 4, 5})).rho == Approx(0.9));
  CHECK(of(against_order({2, 1, 3, 4, 5})).p_value == Approx(10.0 / 120));
  // And 0.029 at 0.829 of six.
  CHECK(of(against_order({1, 3, 2, 6, 4, 5})).rho == Approx(0.771).margin(0.001));
  CHECK(of(against_order({2, 1, 4, 3, 6, 5})).rho == Approx(0.829).margin(0.001));
  CHECK(of(against_order({2, 1, 4, 3, 6, 5})).p_value == Approx(0.058).margin(0.001));
}

TEST_CASE("only the order counts, and equal numbers share a rank") {
  CHECK(of(against_order({1, 2, 3, 4, 1000})).rho == 1);
  // Ranks 1 2.5 2.5 4 5 against 1 … 5.
  const Correlation tied = of(against_order({1, 2, 2, 4, 5}));
  CHECK(tied.rho == Approx(9.5 / std::sqrt(10 * 9.5)));
  CHECK(tied.p_value == Approx(2.0 / 60));  // of 60 orders that differ
}

TEST_CASE("what tells nothing has no correlation") {
  CHECK_FALSE(rank_correlation(against_order({1, 2, 3, 4})));
  CHECK_FALSE(rank_correlation(against_order({7, 7, 7, 7, 7, 7})));
}

TEST_CASE("many tests find fewer things") {
  // The example of Benjamini and Hochberg 1995, section 3.2: the first four hold at 0.05.
  const std::vector<double> p_values{0.4262, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298,
                                     0.0344, 0.0459, 0.3240, 0.5719, 0.6528, 0.7590, 1};
  const std::vector<double> rates = false_discovery_rates(p_values);
  CHECK(rates[1] == Approx(0.0015));
  CHECK(rates[4] == Approx(0.0095 * 15 / 4));
  CHECK(rates[5] == Approx(0.0201 * 15 / 5));
  // That of the next is smaller.
  CHECK(rates[6] == Approx(0.0298 * 15 / 7));
  CHECK(rates[0] == Approx(0.4262 * 15 / 11));
  CHECK(rates[14] == 1);
  CHECK(false_discovery_rates({}).empty());
}

}  // namespace
}  // namespace vitals::analytics
