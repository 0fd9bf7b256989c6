#include "characters.h"
#include "number.h"
#include "pattern.h"

namespace vitals::text::redaction {
namespace {

/// The last digit checks the others (ISO/IEC 7812-1, Luhn 1960).
bool checks(const GroupedNumber& number) {
  int sum = 0;
  for (std::size_t i = 0; i < number.digit_count; ++i) {
    int digit = number.digits[number.digit_count - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

}  // namespace

/// 13 to 19 digits whose first one banks use.
std::size_t match_card(std::string_view text, std::size_t at) {
  if (text[at] < '2' || text[at] > '6' || before(text, at) == '.') return 0;
  const GroupedNumber number = read_number(text, at, " -");
  return number.digit_count >= 13 && checks(number) ? number.end - at : 0;
}

}  // namespace vitals::text::redaction
