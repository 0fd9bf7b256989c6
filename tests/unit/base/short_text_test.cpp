#include <algorithm>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include <vitals/base/short_text.h>

using namespace vitals;

TEST_CASE("the first bytes of a text are a word filled up with zeros") {
  const std::string text = "\x81\x82\x83\x84\x85\x86\x87\x88\x89";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    std::uint64_t expected = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(n, 8); ++i) {
      expected |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
    }
    CHECK(load_up_to_8(text.data(), n) == expected);
  }
}

TEST_CASE("texts are equal when all their bytes are") {
  std::mt19937 random(1);
  for (std::size_t n = 0; n <= 40; ++n) {
    std::string text(n, '\0');
    std::generate(text.begin(), text.end(), [&random] { return static_cast<char>(random()); });
    const std::string copy = text;
    CHECK(equal_texts(text, copy));
    CHECK_FALSE(equal_texts(text, copy + "x"));
    for (std::size_t i = 0; i < n; ++i) {
      std::string other = text;
      other[i] ^= 0x40;
      CHECK_FALSE(equal_texts(text, other));
      CHECK_FALSE(equal_bytes(other.data(), text.data(), n));
    }
  }
}
