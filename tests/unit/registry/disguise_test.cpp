#include <catch2/catch.hpp>

#include <vitals/registry/disguise.h>

using namespace vitals;
using registry::make_disguise;
using registry::make_disguise_key;
using registry::Pseudonyms;

TEST_CASE("a disguise is HMAC-SHA-256 under its key, twice for 128 bits, as openssl computes it") {
  // printf 'id-1\0run-1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f | cut -c1-16
  Pseudonyms::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  const model::Disguise disguise = make_disguise(key);
  CHECK(disguise("run-1") == "b2cbc2acede60017e2a1e738156ad3f6");
  CHECK(disguise("run-1") == disguise("run-1"));
  CHECK(disguise("run-2") != disguise("run-1"));
}

TEST_CASE("every key of disguises is another") {
  const auto one = make_disguise_key(), other = make_disguise_key();
  REQUIRE(one);
  REQUIRE(other);
  CHECK(*one != *other);
  CHECK(make_disguise(*one)("run-1") != make_disguise(*other)("run-1"));
}
