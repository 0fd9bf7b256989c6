#include <random>

#include <catch2/catch.hpp>

#include "net/content_decoder.h"
#include "net/content_encoder.h"

using namespace vitals::net;

namespace {

constexpr std::size_t no_limit = 1 << 30;

std::string encoded(ContentCoding coding, const std::string& text, std::size_t piece = 1 << 20) {
  const auto encoder = make_content_encoder(coding);
  std::string out;
  std::size_t done = 0;
  do {
    const std::size_t bytes = std::min(piece, text.size() - done);
    REQUIRE(encoder->encode(std::string_view(text).substr(done, bytes), done + bytes == text.size(),
                            out));
    done += bytes;
  } while (done < text.size());
  return out;
}

struct DecodedContent {
  std::string body;
  int status = 0;
};

DecodedContent decoded(std::string_view coding, const std::string& bytes,
                       std::size_t limit = no_limit, std::size_t piece = 1 << 20) {
  std::unique_ptr<ContentDecoder> decoder;
  REQUIRE_FALSE(make_content_decoder(coding, decoder));
  DecodedContent outcome;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto refusal =
        decoder->decode(std::string_view(bytes).substr(at, piece), limit, outcome.body);
    if (refusal) return {outcome.body, refusal->status};
  }
  if (const auto refusal = decoder->finish()) outcome.status = refusal->status;
  return outcome;
}

std::string some_text(std::size_t bytes) {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) text += std::to_string(random() % 1000) + (random() % 3 ? "," : "\n");
  text.resize(bytes);
  return text;
}

}  // namespace

TEST_CASE("gzip and zstd come back whole, in pieces of any size") {
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::zstd}) {
    for (const std::size_t bytes :
         {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{500'000}}) {
      const std::string text = some_text(bytes);
      const std::string packed = encoded(coding, text, 100'000);
      CAPTURE(name_of(coding), bytes, packed.size());
      CHECK(decoded(name_of(coding), packed).body == text);
      CHECK(decoded(name_of(coding), packed, no_limit, 7).body == text);
      CHECK(decoded(name_of(coding), packed, no_limit, 7).status == 0);
    }
  }
}

TEST_CASE("members and frames may follow one another") {
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::zstd}) {
    const std::string two = encoded(coding, "one,") + encoded(coding, "two");
    CHECK(decoded(name_of(coding), two).body == "one,two");
    CHECK(decoded(name_of(coding), two, no_limit, 1).body == "one,two");
  }
}

TEST_CASE("a bomb stops at the limit, a body of the limit passes") {
  const std::string text(1'000'000, ' ');
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::zstd}) {
    const std::string packed = encoded(coding, text);
    CAPTURE(name_of(coding), packed.size());
    const DecodedContent bomb = decoded(name_of(coding), packed, text.size() - 1);
    CHECK(bomb.status == 413);
    CHECK(bomb.body.size() <= text.size());
    CHECK(bomb.body.capacity() <= 2 * text.size() + (64 << 10));
    CHECK(decoded(name_of(coding), packed, text.size()).status == 0);
  }
}

TEST_CASE("cut and broken streams are refused") {
  const std::string text = some_text(10'000);
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::zstd}) {
    const std::string packed = encoded(coding, text);
    CAPTURE(name_of(coding));
    for (std::size_t cut = 0; cut < packed.size(); cut += 1 + packed.size() / 50) {
      CHECK(decoded(name_of(coding), packed.substr(0, cut)).status == 400);
    }
    CHECK(decoded(name_of(coding), packed + "junk").status == 400);
    CHECK(decoded(name_of(coding), "neither of them").status == 400);
  }
}

TEST_CASE("only one known coding is taken") {
  std::unique_ptr<ContentDecoder> decoder;
  for (const char* coding : {"", "identity", " Identity "}) {
    CHECK_FALSE(make_content_decoder(coding, decoder));
    CHECK(decoder == nullptr);
  }
  for (const char* coding : {"gzip", "X-GZIP", "zstd"}) {
    CHECK_FALSE(make_content_decoder(coding, decoder));
    CHECK(decoder != nullptr);
  }
  for (const char* coding : {"deflate", "br", "gzip, gzip", "gzip,", "gzip;q=1", "*"}) {
    CAPTURE(coding);
    const auto refusal = make_content_decoder(coding, decoder);
    REQUIRE(refusal);
    CHECK(refusal->status == 415);
  }
}

TEST_CASE("the answer's coding is the client's favourite") {
  using enum ContentCoding;
  CHECK(choose_coding("") == identity);
  CHECK(choose_coding("gzip") == gzip);
  CHECK(choose_coding("gzip, deflate, br, zstd") == zstd);
  CHECK(choose_coding("gzip;q=1.0, zstd;q=0.9") == gzip);
  CHECK(choose_coding("GZIP; q=0.5") == gzip);
  CHECK(choose_coding("*") == zstd);
  CHECK(choose_coding("*;q=0.5, zstd;q=0") == gzip);
  CHECK(choose_coding("gzip;q=0, zstd;q=0") == identity);
  CHECK(choose_coding("identity, gzip;q=0.5") == identity);
  CHECK(choose_coding("identity;q=0.1, gzip;q=0.2") == gzip);
  CHECK(choose_coding("br, deflate") == identity);
  CHECK(choose_coding("gzip;q=x") == identity);
  CHECK(choose_coding("gzip;q=0.0001") == identity);
}
