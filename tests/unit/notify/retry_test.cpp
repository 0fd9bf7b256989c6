#include "notify/retry.h"

#include <random>

#include <catch2/catch.hpp>

namespace vitals::notify {
namespace {

TEST_CASE("waits grow to their limit and are spread over the whole of it") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  Options options;
  options.retry_min_ms = 5'000;
  options.retry_max_ms = 60'000;
  for (const auto& [failures, longest] :
       {std::pair(1U, 5'000), std::pair(2U, 10'000), std::pair(4U, 40'000), std::pair(5U, 60'000),
        std::pair(4'000'000'000U, 60'000)}) {
    DurationMs low = options.retry_max_ms;
    DurationMs high = 0;
    for (int i = 0; i < 1'000; ++i) {
      const DurationMs wait = backoff_ms(options, failures, random);
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

TEST_CASE("Retry-After is seconds or a date of any HTTP form") {
  constexpr TimeMs now = 784'111'770'000;
  CHECK(parse_retry_after("120", now) == now + 120'000);
  CHECK(parse_retry_after("0", now) == now);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == 784'111'777'000);
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now) == 784'111'777'000);
  CHECK(parse_retry_after("Sun Nov  6 08:49:37 1994", now) == 784'111'777'000);
  CHECK(parse_retry_after("999999999999999999", now) == now + 366LL * 86'400'000);
  for (const char* bad : {"", "-1", "soon", "12 s", "99999999999999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_retry_after(bad, now).has_value());
  }
}

}  // namespace
}  // namespace vitals::notify
