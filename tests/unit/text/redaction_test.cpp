#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/redaction.h>

namespace vitals::text {
namespace {

void check(const std::vector<std::pair<std::string, std::string>>& cases) {
  for (const auto& [comment, expected] : cases) {
    INFO(comment);
    CHECK(redacted(comment) == expected);
    CHECK(redacted(expected) == expected);
  }
}

TEST_CASE("email addresses go") {
  check({{"Write to jane.doe+x@mail.example.com.", "Write to [email]."},
         {"<müller@beispiel.de>, a@b.io", "<[email]>, [email]"},
         {"mailto:x_y%z@exa-mple.co.uk?", "mailto:[email]?"}});
}

TEST_CASE("telephone numbers go") {
  check({{"call +49 30 1234567 now", "call [phone] now"},
         {"+1 (555) 123-4567", "[phone]"},
         {"+49 (0)30 1234567", "[phone]"},
         {"+4915112345678, please", "[phone], please"},
         {"(555) 123-4567 or 555.123.4567", "[phone] or [phone]"},
         {"1-800-555-0199", "[phone]"},
         {"tel:030 1234567", "tel:[phone]"},
         {"0171 234 56 78.", "[phone]."},
         {"020 7946 0958", "[phone]"},
         {"01712345678", "[phone]"}});
}

TEST_CASE("payment cards go") {
  check({{"my card 4111 1111 1111 1111 was", "my card [card] was"},
         {"5500-0000-0000-0004", "[card]"},
         {"378282246310005", "[card]"}});
}

// Keys are put together here, so that nobody's scanner takes them for real ones.
TEST_CASE("keys and passwords go") {
  const std::string drawn = "aB3dE5fG7hI9jK1lM2nO4p";
  check({{"it printed sk-" + drawn + "!", "it printed [key]!"},
         {"ghp_" + drawn, "[key]"},
         {"AKIA" + std::string("IOSFODNN7EXAMPLE"), "[key]"},
         {"https://x.example/" + drawn + "==", "https://x.example/[key]"},
         {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[key]"},
         {"0123456789abcdef0123456789abcdef", "[key]"},
         {"password: hunter2, ok", "[key], ok"},
         {"API_KEY = \"abc\" and access_token=xyz", "[key]\" and access_[key]"},
         {"-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nend", "[key]\nend"},
         {"-----BEGIN PRIVATE KEY-----\nMII", "[key]"}});
}

TEST_CASE("addresses of machines go") {
  check({{"from 192.168.10.7.", "from [ip]."},
         {"10.0.0.1:8080", "[ip]:8080"},
         {"[2001:db8::8a2e:370:7334]", "[[ip]]"},
         {"fe80::1", "[ip]"},
         {"2001:0db8:0000:0000:0000:8a2e:0370:7334", "[ip]"}});
}

TEST_CASE("street addresses go") {
  check({{"I live at 10 Downing Street, London", "I live at [address], London"},
         {"221b Baker St.", "[address]."},
         {"1600 Pennsylvania Ave NW", "[address] NW"},
         {"5 St. James Road", "[address]"},
         {"Hauptstraße 5, Berlin", "[address], Berlin"},
         {"Goetheplatz 12a", "[address]"},
         {"Hauptstr. 7", "[address]"}});
}

TEST_CASE("what only looks like it stays") {
  for (const char* comment : {"version 1.2.3.4",
                              "v10.0.19041.1",
                              "10.0.19041.1",
                              "3.14.15.9265",
                              "1.2.3",
                              "2024-05-06 12:30:45",
                              "06.05.2024",
                              "06.05.2024 10:30",
                              "05/06/2024",
                              "12:30:45",
                              "$1,299.00",
                              "1 000 000 EUR",
                              "0.1234567",
                              "1.030-1234567",
                              "$5551234567",
                              "1700000000",
                              "4111 1111 1111 1112",
                              "1234567890123456",
                              "order 8675309",
                              "100-200 pages",
                              "+1 vote",
                              "+1 000 000",
                              "978-3-16-148410-0",
                              "123e4567-e89b-12d3-a456-426614174000",
                              "user@host",
                              "@jane",
                              "3@1.50 each",
                              "a@b",
                              "std::vector<int>",
                              "list[12::30]",
                              "add::be",
                              "Llama-3.1-70B-Instruct-Q4-K-M",
                              "claude-3-5-sonnet-20241022",
                              "Base64UrlEncoder2Factory",
                              "SHA256WithRSAEncryption",
                              "get_user_by_id_2_with_long_name",
                              "max token: 512",
                              "tokens: 512",
                              "the password is too short",
                              "sk-",
                              "10 downing things",
                              "5 Questions about the Road",
                              "St 5",
                              "Platz 5",
                              "3 cats on the Street",
                              "section 2 Way"}) {
    INFO(comment);
    CHECK(redacted(comment) == comment);
  }
}

TEST_CASE("in redaction, other bytes stay as they are") {
  const std::string bytes("\x00\xFF\xF0\x9F \x80@\xC3", 8);
  CHECK(redacted(bytes) == bytes);
  CHECK(redacted("").empty());
  CHECK(redacted("äöü 😀 a@b.de ß") == "äöü 😀 [email] ß");
}

TEST_CASE("redaction reads any bytes") {
  std::mt19937 random(11);
  const std::vector<std::string> parts = {"a",  "B",   "7",   "0",     "12",       "4111", " ",
                                          "-",  ".",   "@",   ":",     "::",       "+",    "(",
                                          ")",  "[",   "]",   "/",     "password", "=",    "x.com",
                                          "St", "key", "abc", "token", "\xFF",     "_",    "fe80"};
  for (int round = 0; round < 20'000; ++round) {
    std::string comment;
    for (auto left = random() % 16; left > 0; --left) comment += parts[random() % parts.size()];
    INFO(comment);
    // Whatever it is, it ends with its line.
    CHECK(redacted(comment + "\n\njoe@x.com").ends_with("\n\n[email]"));
  }
}

// Each takes minutes where the work is not in proportion to the text.
TEST_CASE("redaction of long comments of one kind ends") {
  for (const char* part : {"a",
                           "a.",
                           "a-",
                           "1",
                           "1 ",
                           "1-",
                           "+1",
                           "(",
                           "a@",
                           "@",
                           "token ",
                           "token",
                           ":",
                           "::",
                           "a:",
                           "1.",
                           "A ",
                           "1 A ",
                           "-----BEGIN PRIVATE KEY",
                           "-----BEGIN ",
                           "\xFF",
                           "Aa1",
                           "password",
                           "0 0",
                           "_"}) {
    std::string comment;
    while (comment.size() < 1'000'000) comment += part;
    INFO(part);
    CHECK(redacted(comment).size() <= comment.size());
  }
}

}  // namespace
}  // namespace vitals::text
