#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/base/hash.h>
#include <vitals/sketch/distinct.h>
#include <vitals/sketch/quantiles.h>

#include "distributions.h"

using namespace vitals::sketch;
using vitals::Errc;

namespace {

template <class Sketch>
std::string encoded(const Sketch& sketch) {
  std::string bytes;
  sketch.encode(bytes);
  return bytes;
}

/// Reads back what was written, from the front of longer bytes.
template <class Sketch>
void check_round_trip(const Sketch& sketch) {
  const std::string bytes = encoded(sketch) + "what follows";
  std::string_view in = bytes;
  const auto back = Sketch::decode(in);
  REQUIRE(back.ok());
  CHECK(*back == sketch);
  CHECK(in == "what follows");
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

Quantiles quantiles_of(const std::vector<double>& values) {
  Quantiles sketch;
  sketch.add(values);
  return sketch;
}

Distinct distinct_of(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  Distinct sketch;
  for (std::size_t i = 0; i < count; ++i) sketch.add(random());
  return sketch;
}

/// Damaged bytes are refused as corruption, or decode into a sketch that can be used.
template <class Sketch, class Use>
void check_damage(const std::string& good, std::uint64_t seed, const Use& use) {
  std::mt19937_64 random(seed);
  for (std::size_t cut = 0; cut < good.size(); cut += 1 + good.size() / 200) {
    std::string_view in = std::string_view(good).substr(0, cut);
    const auto back = Sketch::decode(in);
    CAPTURE(seed, cut);
    REQUIRE_FALSE(back.ok());
    CHECK(back.error().code == Errc::corruption);
  }
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = good;
    const std::size_t changes = 1 + random() % 4;
    for (std::size_t i = 0; i < changes; ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    std::string_view in = bytes;
    const auto back = Sketch::decode(in);
    if (back.ok()) {
      use(*back);
      check_round_trip(*back);
    } else {
      CHECK(back.error().code == Errc::corruption);
    }
  }
}

}  // namespace

TEST_CASE("quantile sketches are read back as they were written") {
  const auto seed = GENERATE(1U, 2U);
  const auto size = GENERATE(25U, 100U, 5000U);
  for (const test::Distribution& distribution : test::distributions()) {
    CAPTURE(seed, size, distribution.name);
    check_round_trip(quantiles_of(test::draw(distribution, seed, size)));
  }
}

TEST_CASE("distinct sketches are read back as they were written") {
  const auto seed = GENERATE(1U, 2U);
  const auto size = GENERATE(0U, 1U, 100U, 512U, 513U, 3000U, 300'000U);
  CAPTURE(seed, size);
  check_round_trip(distinct_of(seed, size));
}

TEST_CASE("damaged quantile sketches are refused or usable") {
  const auto use = [](const Quantiles& sketch) {
    if (sketch.count() != 0) CHECK(std::isfinite(sketch.quantile(0.5)));
  };
  const std::vector<test::Distribution> all = test::distributions();
  for (std::uint64_t seed = 0; seed < all.size(); ++seed) {
    for (const std::size_t size : {30U, 500U}) {
      check_damage<Quantiles>(encoded(quantiles_of(test::draw(all[seed], seed, size))), seed, use);
    }
  }
}

TEST_CASE("damaged distinct sketches are refused or usable") {
  const auto use = [](const Distinct& sketch) { CHECK(sketch.estimate() >= 0); };
  for (std::uint64_t seed = 1; seed < 4; ++seed) {
    for (const std::size_t size : {20U, 500U, 2000U}) {
      check_damage<Distinct>(encoded(distinct_of(seed, size)), seed, use);
    }
  }
}

TEST_CASE("bytes that no sketch writes are refused") {
  const auto refused = [](auto sketch, std::string_view bytes) {
    return !decltype(sketch)::decode(bytes).ok();
  };
  using namespace std::literals;
  CHECK(refused(Quantiles{}, ""sv));
  CHECK(refused(Quantiles{}, "\x00\x00\x00"sv));                      // of nothing
  CHECK(refused(Quantiles{}, encoded(quantiles_of({1, 2, 3}))));      // values are kept instead
  CHECK(refused(Quantiles{}, "\x00\x00\x01\xff\xff\xff\x7f\x50"sv));  // beyond all doubles
  CHECK(refused(Distinct{}, "\x02\x05\x00"sv));                       // a token twice
  CHECK(refused(Distinct{}, "\x01\x3f"sv));  // more zeros than there are bits
  CHECK(refused(Distinct{}, "\x82\x04"sv));  // a form that is not there
}

TEST_CASE("the byte forms are those of docs/formats/sketches.md") {
  std::vector<double> many(20, 1.0);
  many.insert(many.end(), {0, 0, 0, -1, 100, 100});
  CHECK(hex(encoded(quantiles_of(many))) == "0301fca4020102fca40214e70102");
  CHECK(hex(encoded(Distinct{})) == "00");
  Distinct few;
  few.add(0x0000'0040'0000'0000);
  few.add(0x0000'0080'0000'0001);
  CHECK(hex(encoded(few)) == "02663f");
  const std::string registers = encoded(distinct_of(1, 100'000));
  CHECK(hex(registers.substr(0, 8)) == "8104027643663435");
  CHECK(registers.size() == 2055);
  CHECK(vitals::hash64(registers) == 0xa2f55476528fcf8d);
}
