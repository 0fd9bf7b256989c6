#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/redact.h>

using vitals::text::kept_comment;
using vitals::text::redact;

namespace {

// What is found, and what is left. Keys are put together so that no scanner of secrets stops at
// them.
const std::vector<std::pair<std::string, std::string>> kFound{
    // mail
    {"Write to ann@example.com.", "Write to [email]."},
    {"<Ann.B+x_1@mail.example.co.uk>, please", "<[email]>, please"},
    {"jürgen@exämple.de und a@b.io", "[email] und [email]"},
    {"root@10.0.0.1", "[email]"},
    {"mailto:o'neil@example.org", "mailto:[email]"},
    {"ann＠example.com", "[email]"},
    // phones
    {"Call me at 555-123-4567!", "Call me at [phone]!"},
    {"(555) 123-4567", "[phone]"},
    {"+1 (555) 123-4567", "[phone]"},
    {"+49 30 1234567, or 030/1234567", "[phone], or [phone]"},
    {"+49 (0)30 1234-567", "[phone]"},
    {"06 12 34 56 78", "[phone]"},
    {"020 7946 0958", "[phone]"},
    {"+33612345678", "[phone]"},
    {"+33\u00A06\u00A012\u00A034\u00A056\u00A078", "[phone]"},
    {"2125551234", "[phone]"},
    {"0170-1234567 0170-1234568", "[phone] [phone]"},
    {"my mobile number is 612345678", "my mobile number is [phone]"},
    {"Tel.: 4711234", "Tel.: [phone]"},
    {"电话5552345678。", "电话[phone]。"},
    {"call 555\u2013123\u20134567", "call [phone]"},
    // cards, accounts
    {"card 4111 1111 1111 1111 exp", "card [card] exp"},
    {"4111111111111111", "[card]"},
    {"3782-822463-10005", "[card]"},
    {"4111 1111 1111 1111 5500 0000 0000 0004", "[card] [card]"},
    {"IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [iban] please"},
    {"GB82WEST12345698765432", "[iban]"},
    {"SSN 078-05-1120", "SSN [number]"},
    // keys
    {std::string("my key s") + "k-abcDEF0123456789abcDEF is leaked", "my key [key] is leaked"},
    {std::string("AKI") + "AIOSFODNN7EXAMPLE", "[key]"},
    {std::string("gh") + "p_0123456789abcdefABCDEF0123456789abcd.", "[key]."},
    {std::string("xox") + "b-1234-5678-abcdefgh", "[key]"},
    {"Authorization: Bearer abc.def-123", "Authorization: Bearer [key]"},
    {"Bearer abcdefghijklmnopqrstuvwx", "Bearer [key]"},
    {"password: hunter", "password: [key]"},
    {"the password is hunter2", "the password is [key]"},
    {"API_KEY=\"abcd1234efgh\"", "API_KEY=\"[key]\""},
    {"d41d8cd98f00b204e9800998ecf8427e", "[key]"},
    {"0b7e6a3c-1f2d-4c5b-8a9e-0123456789ab", "[key]"},
    {"dGhpcyBpcyBhIHNlY3JldA0K1dGhpcw==", "[key]"},
    {std::string("-----BEGIN RSA PRI") + "VATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\nhi",
     "[key]\nhi"},
    // network
    {"from 192.168.1.17:8080", "from [ip]:8080"},
    {"2001:db8::8a2e:370:7334", "[ip]"},
    {"fe80:0:0:0:202:b3ff:fe1e:8329", "[ip]"},
    {"see https://x.example/a?user=ann.", "see [url]."},
    {"postgres://ann:pw@db/prod", "[url]"},
    {"(www.example.com/a#b)", "([url])"},
    // addresses
    {"I live at 221b Baker Street, London NW1 6XE.", "I live at [address]."},
    {"1600 Pennsylvania Avenue NW", "[address] NW"},
    {"350 5th Ave., Suite 12, New York, NY 10118", "[address]"},
    {"12 main street", "[address]"},
    {"Hauptstraße 12a, 10115 Berlin", "[address]"},
    {"Berliner Str. 7", "[address]"},
    {"Keizersgracht 12, 1015 CJ Amsterdam", "[address]"},
    {"12, rue de la Paix, 75002 Paris", "[address]"},
    {"15 bis avenue Victor Hugo", "[address]"},
    {"Via Roma, 12", "[address]"},
    {"calle Mayor 5", "[address]"},
    {"P.O. Box 123", "[address]"},
    {"Postfach 1234", "[address]"},
    {"Springfield, IL 62704-1234", "[address]"},
    {"D-10115 Berlin", "[address]"},
    {"SW1A 1AA", "[address]"}};

const std::vector<std::string> kKept{"10/10, would ask again",
                                     "took 45 seconds",
                                     "version 2.3.1",
                                     "v10.0.19045.3803",
                                     "error 404 and HTTP 500/502",
                                     "on 2026-12-01 at 10:45:30",
                                     "01.02.2024 03:04",
                                     "12/31/2024",
                                     "2026-12-01T10:00:00.123Z",
                                     "2024-01-02 10 30 45 50",
                                     "1,000,000 tokens",
                                     "1.000.000 Euro",
                                     "12 500 000 rows",
                                     "3.14159265358979",
                                     "0.0123456789",
                                     "1790000000000 ms",
                                     "took 1500000 ms",
                                     "5000000000 requests",
                                     "pages 1000-2000",
                                     "24/7",
                                     "$1,234.56",
                                     "50%",
                                     "1920x1080",
                                     "gpt-4o-mini-2024-07-18",
                                     "claude-3-5-sonnet-20241022",
                                     "version 1.2.3.4",
                                     "a 2 way street",
                                     "10 minutes down the road",
                                     "std::string and a::b",
                                     "10:45:30",
                                     "https://docs.example.com/guide/part-2",
                                     "user@host",
                                     "5 apples @3.50 each",
                                     "@ann said so",
                                     "bearer of bad news",
                                     "the token limit",
                                     "token: limit exceeded",
                                     "my password is wrong",
                                     "getUserByIdFromDatabase2",
                                     "/usr/local/lib/python3.10/site-packages/numpy",
                                     "step 3 Place it",
                                     "Spring 5 and Java 17",
                                     "the String 10 times",
                                     "Der Weg 2",
                                     "10000 Tokens",
                                     "15000 Requests",
                                     "Via API 2",
                                     "ISO 27001",
                                     "RFC 2119",
                                     "24 hour day",
                                     "first 3 Great results",
                                     "I waited 3 Weg",
                                     "2023-10-05-report-final-v2",
                                     "naïve café 😀 5 stars",
                                     "日本語のコメント 10点",
                                     "",
                                     " ",
                                     "[email] and [phone] 12",
                                     "it said [key]: 5"};

}  // namespace

TEST_CASE("What names or reaches a person, or opens a door, is marked") {
  for (const auto& [text, left] : kFound) {
    CAPTURE(text);
    CHECK(redact(text) == left);
    CHECK(redact("So: " + text + " ok") == "So: " + left + " ok");
  }
}

TEST_CASE("Ordinary numbers, dates, versions and code are kept") {
  for (const std::string& text : kKept) {
    CAPTURE(text);
    CHECK(redact(text) == text);
  }
}

TEST_CASE("A private key without an end goes to the end") {
  CHECK(redact(std::string("so: -----BEGIN PRI") + "VATE KEY-----\nMIIB\nabc") == "so: [key]");
}

TEST_CASE("Control characters become spaces, and what cannot be seen goes") {
  CHECK(redact(std::string("a\0b\tc\nd", 7)) == "a b c\nd");
  CHECK(redact("ann\u200B@example.com") == "[email]");
}

TEST_CASE("A kept comment ends between characters, and no half of an address is left") {
  CHECK(kept_comment("good") == "good");
  std::string accents;
  for (int i = 0; i < 3'000; ++i) accents += "é";
  CHECK(kept_comment(accents).size() == vitals::text::kCommentBytesMax);
  CHECK(kept_comment("x" + accents).size() == vitals::text::kCommentBytesMax - 1);
  CHECK(kept_comment("Good " + accents + accents).size() == vitals::text::kCommentBytesMax - 1);
  std::string words;
  while (words.size() < 8'185) words += "ann@example.com ";
  const std::string kept = kept_comment(words + "ann@example.com");
  CHECK(kept.find("ann") == std::string::npos);
}
