#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/base/backoff.h>

namespace vitals {
namespace {

TEST_CASE("waits grow to their limit and are spread over the whole of it") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (const auto& [failures, longest] :
       {std::pair(1U, 5'000), std::pair(2U, 10'000), std::pair(4U, 40'000), std::pair(5U, 60'000),
        std::pair(4'000'000'000U, 60'000)}) {
    DurationMs low = 60'000;
    DurationMs high = 0;
    for (int i = 0; i < 1'000; ++i) {
      const DurationMs wait = backoff_ms(5'000, 60'000, failures, random);
      low = std::min(low, wait);
      high = std::max(high, wait);
    }
    CAPTURE(failures);
    CHECK(low >= 1);
    CHECK(low < longest / 10);
    CHECK(high > longest * 9 / 10);
    CHECK(high <= longest);
  }
}

}  // namespace
}  // namespace vitals
