#include <catch2/catch.hpp>

#include <vitals/net/retry_after.h>

namespace vitals::net {
namespace {

constexpr TimeMs kNow = 784'111'770'000;

std::optional<TimeMs> read(const std::string& value) {
  return retry_after({503, {{"retry-after", value}}, ""}, kNow);
}

TEST_CASE("Retry-After is seconds or a date of any HTTP form") {
  CHECK(read("120") == kNow + 120'000);
  CHECK(read("0") == kNow);
  CHECK(read("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777'000);
  CHECK(read("Sunday, 06-Nov-94 08:49:37 GMT") == 784'111'777'000);
  CHECK(read("Sun Nov  6 08:49:37 1994") == 784'111'777'000);
  CHECK(read("999999999999999999") == kNow + 366LL * 86'400'000);
  for (const char* bad : {"", "-1", "soon", "12 s", "99999999999999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(read(bad).has_value());
  }
  CHECK_FALSE(retry_after({503, {}, ""}, kNow).has_value());
}

}  // namespace
}  // namespace vitals::net
