#include "characters.h"
#include "number.h"
#include "pattern.h"

namespace vitals::text::redaction {
namespace {

constexpr std::string_view kSeparators = " -./)";
constexpr std::size_t kDigitsMin = 8;

/// As the 030 of 1.030-1234567 does.
bool continues_number(std::string_view text, std::size_t at) {
  const char previous = before(text, at);
  const bool joint =
      previous == '.' || previous == '-' || previous == '/' || previous == ':' || previous == ',';
  return joint && at > 1 && is_digit(text[at - 2]);
}

/// 06.05.2024, 6/5/24 and 2024-05-06, with or without a time behind them.
bool is_date(const GroupedNumber& number) {
  if (number.group_count < 3) return false;
  const auto& groups = number.groups;
  const char sign = number.separators[0];
  if (sign != number.separators[1] || sign == ' ' || sign == ')') return false;
  const bool day_first = groups[0] <= 2 && groups[1] <= 2 && (groups[2] == 2 || groups[2] == 4);
  return day_first || (groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2);
}

/// (555) 123-4567, 555-123-4567, 1-555-123-4567 of North America.
bool is_north_american(const GroupedNumber& number) {
  const bool long_distance = number.group_count == 4 && number.groups[0] == 1;
  if (number.group_count != 3 && !long_distance) return false;
  const std::size_t first = long_distance ? 1 : 0;
  const char area = number.digits[long_distance ? 1 : 0];
  return number.groups[first] == 3 && number.groups[first + 1] == 3 &&
         number.groups[first + 2] == 4 && area >= '2';
}

/// With the 0 that countries write before the area: 030 1234567, 0171 234 56 78, 01712345678.
bool is_national(const GroupedNumber& number) {
  if (number.digits[0] != '0' || number.digits[1] == '0') return false;
  if (number.group_count == 1) return number.digit_count == 10 || number.digit_count == 11;
  return number.groups[0] >= 2 && number.groups[0] <= 5 && number.digit_count >= 9 &&
         number.digit_count <= 12;
}

}  // namespace

std::size_t match_phone(std::string_view text, std::size_t at) {
  if (continues_number(text, at) || before(text, at) == '$') return 0;
  std::size_t digits = at;
  const bool international = text[at] == '+';
  if (international) ++digits;
  const bool bracket = peek(text, digits) == '(';
  if (bracket) ++digits;
  if (!is_digit(peek(text, digits))) return 0;
  if (international && !bracket) {  // +49 (0)30 …, +1 (555) …
    const std::size_t country_end = end_of(text, digits, is_digit);
    const std::size_t open = peek(text, country_end) == ' ' ? country_end + 1 : country_end;
    if (peek(text, open) == '(' && country_end - digits <= 3) digits = open + 1;
  }
  const GroupedNumber number = read_number(text, digits, kSeparators);
  if (number.digit_count < kDigitsMin || number.digit_count > 15) return 0;
  const bool phone =
      international || (!is_date(number) && (is_north_american(number) || is_national(number)));
  return phone ? number.end - at : 0;
}

}  // namespace vitals::text::redaction
