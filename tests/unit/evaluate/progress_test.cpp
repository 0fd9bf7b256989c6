#include "evaluate/progress.h"

#include <catch2/catch.hpp>

namespace vitals::evaluate {
namespace {

using namespace std::string_literals;

TEST_CASE("how far an evaluator has got is these bytes") {
  const Progress progress{0x0102030405060708, 497'222, 1'000};
  const std::string bytes =
      "\x01\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x00\x00\x07\x96\x46\x00\x00\x03\xe8"s;
  CHECK(encode(progress) == bytes);
  const auto decoded = decode_progress(bytes);
  REQUIRE(decoded.ok());
  CHECK(*decoded == progress);
  for (const std::string& bad :
       {""s, "\x02"s + bytes.substr(1), bytes + "x", bytes.substr(0, 20)}) {
    const auto refused = decode_progress(bad);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == Errc::corruption);
  }
}

}  // namespace
}  // namespace vitals::evaluate
