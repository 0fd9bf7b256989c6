#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/redact.h>

using vitals::text::redact;

// Texts of parts that are found, kept, nearly found, or glue, in any order: what one finding leaves
// must not make another.

namespace {

const std::vector<std::string> kPrivate{
    "ann@example.com",   "+49 30 1234567",      "555-123-4567", "4111 1111 1111 1111",
    "192.168.1.17",      "0170 1234567",        "078-05-1120",  "DE89370400440532013000",
    "Hauptstraße 12a",   "221b Baker Street",   "2001:db8::1",  "https://a.example/b?c=d",
    "P.O. Box 123",      "Bearer abc.def-1234", "SW1A 1AA",     "d41d8cd98f00b204e9800998ecf8427e",
    "12 rue de la Paix", "password=hunter2",    "Via Roma 12",  "dGhpcyBpcyBhIHNlY3JldA0K1dGhpcw"};
const std::vector<std::string> kOther{
    "10/10",   "2.3.1", "2026-12-01", "10:45:30",  "404",        "Berlin",   "call",   "version",
    "Bearer",  "good",  "12",         "0",         "55 5555",    "00 49",    "Street", "Main",
    "rue",     "Via",   "é",          "日本",      "😀",          "token",    "is",     "+",
    "(",       ")",     "PO Box",     "abc1",      "0123",       "password", "5",      "DE89",
    "3704 00", "St.",   "[phone]",    "1.000.000", "@",          "a@b",      ".com",   "://",
    "Apt",     "IL",    "ab",         "7",         "-----BEGIN "};
const std::vector<std::string> kGlue{" ",  " ", " ", " ",  " ", "",  "-",     ".",
                                     ", ", "/", ":", "\n", "=", "@", "#",     "'",
                                     "?",  "(", ")", "+",  "_", ";", "\u00A0"};

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  for (; times > 0; --times) text += part;
  return text;
}

class Texts {
 public:
  explicit Texts(std::uint32_t seed) : chance_(seed) {}

  const std::string& one_of(const std::vector<std::string>& all) {
    return all[chance_() % all.size()];
  }
  std::string text() {
    std::string text;
    for (std::size_t parts = 1 + chance_() % 9; parts > 0; --parts) {
      text += one_of(chance_() % 3 == 0 ? kPrivate : kOther);
      text += one_of(kGlue);
      if (chance_() % 20 == 0) text += static_cast<char>(0x20 + chance_() % 0x5F);
      // As long as what is looked through at once.
      if (chance_() % 200 == 0) text += repeated("é", chance_() % 1'200);
      if (chance_() % 200 == 0) text += repeated("日", chance_() % 100);
    }
    return text;
  }
  std::string bytes() {
    std::string bytes;
    for (std::size_t left = chance_() % 60; left > 0; --left) {
      constexpr std::string_view kOften = "0123456789 .-+@:/[]()aAbBzZ=,'#";
      bytes += chance_() % 4 != 0 ? kOften[chance_() % kOften.size()]
                                  : static_cast<char>(chance_() % 256);
    }
    return bytes;
  }

 private:
  std::mt19937 chance_;
};

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t more = byte < 0x80   ? 0
                             : byte < 0xC2 ? 9
                             : byte < 0xE0 ? 1
                             : byte < 0xF0 ? 2
                                           : 3;
    if (i + more >= text.size()) return false;
    for (std::size_t j = 1; j <= more; ++j) {
      if ((static_cast<unsigned char>(text[i + j]) & 0xC0U) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

TEST_CASE("What is redacted stays as it is when it is redacted again, and is UTF-8") {
  const auto seed = static_cast<std::uint32_t>(Catch::rngSeed());
  CAPTURE(seed);
  Texts texts(seed);
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = texts.text();
    const std::string once = redact(text);
    if (redact(once) != once || !is_utf8(once)) {
      CAPTURE(text, once);
      REQUIRE(redact(once) == once);
      REQUIRE(is_utf8(once));
    }
  }
}

TEST_CASE("Any bytes are redacted, and the second time nothing changes") {
  const auto seed = static_cast<std::uint32_t>(Catch::rngSeed());
  CAPTURE(seed);
  Texts texts(seed);
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = texts.bytes();
    const std::string once = redact(text);
    if (redact(once) == once) continue;
    CAPTURE(text, once);
    REQUIRE(redact(once) == once);
  }
}

TEST_CASE("Among words, nothing of what is found is left") {
  const auto seed = static_cast<std::uint32_t>(Catch::rngSeed());
  CAPTURE(seed);
  Texts texts(seed);
  const std::vector<std::string> words{"it was good", "und das", "please",
                                       "5 stars",     "why?",    "ok."};
  for (int i = 0; i < 20'000; ++i) {
    const std::string secret = texts.one_of(kPrivate);
    const std::string text = texts.one_of(words) + ": " + secret + ", " + texts.one_of(words);
    const std::string once = redact(text);
    if (once.find(secret) == std::string::npos && once.find('[') != std::string::npos) continue;
    CAPTURE(text, once);
    REQUIRE(once.find(secret) == std::string::npos);
  }
}
