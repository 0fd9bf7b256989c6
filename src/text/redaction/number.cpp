#include "number.h"

#include "characters.h"

namespace vitals::text::redaction {

GroupedNumber read_number(std::string_view text, std::size_t at, std::string_view separators) {
  GroupedNumber number;
  std::size_t place = at;
  while (number.group_count < kGroupsMax) {
    const std::size_t end = end_of(text, place, is_digit);
    if (end == place) break;
    if (number.digit_count + (end - place) > kDigitsMax) return {};
    for (std::size_t i = place; i < end; ++i) number.digits[number.digit_count++] = text[i];
    number.groups[number.group_count++] = end - place;
    number.end = end;
    const char sign = peek(text, end);
    place = end + 1;
    if (sign == '\0' || separators.find(sign) == std::string_view::npos) break;
    if (sign == ')' && peek(text, place) == ' ') ++place;
    if (!is_digit(peek(text, place)) || number.group_count == kGroupsMax) break;
    number.separators[number.group_count - 1] = sign;
  }
  if (is_letter(peek(text, number.end)) || peek(text, number.end) == '_') return {};
  return number;
}

}  // namespace vitals::text::redaction
