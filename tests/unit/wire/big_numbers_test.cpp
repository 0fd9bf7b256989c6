#include "wire/json/big_numbers.h"

#include <catch2/catch.hpp>

using vitals::wire::json::rewrite_big_numbers;

TEST_CASE("numbers beyond integers and doubles are rewritten as doubles") {
  const std::string nines(400, '9');
  const struct {
    std::string text;
    std::string rewritten;
  } kCases[] = {
      {"123456789012345678901234567890", "1.2345678901234568e+29"},
      {"18446744073709551616", "18446744073709551616e0"},
      {"-9223372036854775809", "-9223372036854775808e0"},
      {"1e999", "1.7976931348623157e+308"},
      {"-1E+999", "-1.7976931348623157e+308"},
      {nines, "1.7976931348623157e+308"},
      {nines + ".5", "1.7976931348623157e+308"},
      {R"({"a":1e999,"b":[2,1e400]})",
       R"({"a":1.7976931348623157e+308,"b":[2,1.7976931348623157e+308]})"},
      {R"(["\"1e999",1e999])", R"(["\"1e999",1.7976931348623157e+308])"},
  };
  for (const auto& c : kCases) {
    INFO(c.text);
    CHECK(rewrite_big_numbers(c.text) == c.rewritten);
  }
}

TEST_CASE("all other text stays as it is") {
  for (const char* text : {"", "0", "-0.0", "18446744073709551615", "-9223372036854775808",
                           "1.7976931348623157e308", "1e-999", "01e999", "1.e999", "1e", "1e+", "-",

                           ".1", "\"1e999\"", "\"\\\"1e999", "\\", "\"\\", "[1,2,", "1e99x9"}) {
    INFO(text);
    CHECK_FALSE(rewrite_big_numbers(text).has_value());
  }
}
