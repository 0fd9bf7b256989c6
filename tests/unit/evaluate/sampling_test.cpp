#include <cmath>

#include <catch2/catch.hpp>

#include <vitals/evaluate/evaluator.h>

#include "house.h"

namespace vitals::evaluate::test {
namespace {

TEST_CASE("a sample has its share, whatever ids look like") {
  constexpr int kCount = 20'000;
  for (const char* prefix : {"", "run-", "0190a2c4-7b3e-7000-8000-00000000"}) {
    for (const double share : {0.0, 0.01, 0.1, 0.5, 0.99, 1.0}) {
      int sampled = 0;
      for (const std::string& id : ids(prefix, kCount)) sampled += is_sampled(id, share) ? 1 : 0;
      CAPTURE(prefix, share, sampled);
      // Five standard deviations of a binomial.
      const double spread = 5 * std::sqrt(kCount * share * (1 - share));
      CHECK(std::abs(sampled - kCount * share) <= spread);
    }
  }
}

TEST_CASE("smaller samples lie within larger ones") {
  for (const std::string& id : ids("run-", 5'000)) {
    if (is_sampled(id, 0.05)) CHECK(is_sampled(id, 0.2));
  }
}

TEST_CASE("an execution stays in its sample or out of it, in every version of this program") {
  Ids sampled;
  for (const std::string& id : ids("run-", 50)) {
    if (is_sampled(id, 0.1)) sampled.push_back(id);
  }
  CHECK(sampled == Ids{"run-8", "run-11", "run-13", "run-23", "run-31", "run-32", "run-49"});
}

}  // namespace
}  // namespace vitals::evaluate::test
