#include "big_numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <system_error>

#include "values.h"

namespace vitals::wire::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

struct Literal {
  std::size_t end = 0;
  bool valid = false;
  bool integer = false;
};

/// The number that begins at `at`, by the grammar of RFC 8259 §6.
Literal scan_number(std::string_view text, std::size_t at) {
  const auto is = [text](std::size_t i, char c) { return i < text.size() && text[i] == c; };
  const std::size_t begin = at + (text[at] == '-' ? 1 : 0);
  Literal number{digits_end(text, begin), false, true};
  if (number.end == begin || (text[begin] == '0' && number.end > begin + 1)) return number;
  if (is(number.end, '.')) {
    const std::size_t fraction = number.end + 1;
    number.integer = false;
    number.end = digits_end(text, fraction);
    if (number.end == fraction) return number;
  }
  if (is(number.end, 'e') || is(number.end, 'E')) {
    std::size_t exponent = number.end + 1;
    if (is(exponent, '+') || is(exponent, '-')) ++exponent;
    number.integer = false;
    number.end = digits_end(text, exponent);
    if (number.end == exponent) return number;
  }
  number.valid = true;
  return number;
}

bool fits_64_bits(const std::string& digits) {
  const char* end = digits.data() + digits.size();
  std::int64_t with_sign = 0;
  std::uint64_t without = 0;
  return std::from_chars(digits.data(), end, with_sign).ec == std::errc{} ||
         (digits[0] != '-' && std::from_chars(digits.data(), end, without).ec == std::errc{});
}

/// The double that stands for a valid number, "" when the number can stay.
std::string replacement(const std::string& number, bool integer) {
  if (integer && fits_64_bits(number)) return {};
  constexpr double kMax = std::numeric_limits<double>::max();
  const double nearest = std::strtod(number.c_str(), nullptr);
  if (!integer && std::isfinite(nearest)) return {};
  std::string text = number_text(std::clamp(nearest, -kMax, kMax));
  if (text.find('e') == std::string::npos) text += "e0";  // not an integer again
  return text;
}

}  // namespace

std::optional<std::string> rewrite_big_numbers(std::string_view text) {
  std::string rewritten;
  std::size_t copied = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') in_string = !in_string;
    if (in_string || (c != '-' && !is_digit(c))) {
      at += in_string && c == '\\' ? 2 : 1;
      continue;
    }
    const Literal number = scan_number(text, at);
    if (number.valid) {
      const std::string literal(text.substr(at, number.end - at));
      const std::string other = replacement(literal, number.integer);
      if (!other.empty()) {
        rewritten.append(text.substr(copied, at - copied)).append(other);
        copied = number.end;
      }
    }
    at = std::max(number.end, at + 1);
  }
  if (copied == 0) return std::nullopt;
  rewritten.append(text.substr(copied));
  return rewritten;
}

}  // namespace vitals::wire::json
