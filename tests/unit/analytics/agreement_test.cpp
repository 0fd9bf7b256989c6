#include <catch2/catch.hpp>

#include <vitals/analytics/agreement.h>

using namespace vitals::analytics;

namespace {
using Pairs = std::vector<std::pair<double, double>>;
using Groups = std::vector<std::vector<double>>;
}  // namespace

TEST_CASE(
    "raters who always say the same agree wholly, whoever says the opposite less than by chance") {
  CHECK(weighted_kappa(Pairs{{1, 1}, {5, 5}, {9, 9}}, 10) == Approx(1));
  CHECK(*weighted_kappa(Pairs{{0, 10}, {10, 0}, {5, 5}}, 10) == Approx(-1));
  CHECK_FALSE(weighted_kappa(Pairs{{7, 7}, {7, 7}}, 10));
  CHECK_FALSE(weighted_kappa(Pairs{{7, 6}}, 10));
  CHECK_FALSE(weighted_kappa(Pairs{}, 10));
}

TEST_CASE("weighted kappa counts squares of distances, in whole points") {
  // Observed 2; expected by the margins {1, 1, 2} of both: 22 / 4.
  CHECK(weighted_kappa(Pairs{{0, 0}, {1, 2}, {2, 1}, {2, 2}}, 2) == Approx(1 - 2.0 / 5.5));
  CHECK(weighted_kappa(Pairs{{0.4, 0}, {1, 1.6}, {2.4, 1}, {1.5, 2}}, 2) == Approx(1 - 2.0 / 5.5));
  // Raters who do not know of each other.
  CHECK(weighted_kappa(Pairs{{0, 0}, {0, 10}, {10, 0}, {10, 10}}, 10) == Approx(0).margin(1e-12));
}

TEST_CASE("the intraclass correlation is that of Shrout and Fleiss") {
  // Table 2 of the paper; its table 4 has ICC(1, 1) = .17.
  const Groups judges{{9, 2, 5, 8}, {6, 1, 3, 2},  {8, 4, 6, 8},
                      {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};
  CHECK(*intraclass_correlation(judges) == Approx(0.1657).margin(5e-5));
  // A group of one says nothing.
  Groups more = judges;
  more.push_back({3});
  CHECK(*intraclass_correlation(more) == *intraclass_correlation(judges));
}

TEST_CASE("groups may differ in size") {
  CHECK(*intraclass_correlation(Groups{{1, 1}, {5, 5, 5}, {9, 9}}) == Approx(1));
  const auto mixed = intraclass_correlation(Groups{{1, 2}, {5, 6, 4}, {9, 8}});
  CHECK(*mixed > 0.9);
  CHECK(*mixed < 1);
  CHECK_FALSE(intraclass_correlation(Groups{{1, 2}}));
  CHECK_FALSE(intraclass_correlation(Groups{{4, 4}, {4, 4}}));
}
