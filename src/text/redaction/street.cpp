#include <algorithm>
#include <iterator>

#include "characters.h"
#include "pattern.h"

namespace vitals::text::redaction {
namespace {

constexpr std::size_t kNumberDigitsMax = 5;
constexpr std::size_t kNameWordsMax = 4;
constexpr std::size_t kWordBytesMax = 40;

constexpr std::string_view kKinds[] = {
    "Street", "St", "Avenue", "Ave",     "Road",  "Rd",      "Boulevard", "Blvd",
    "Lane",   "Ln", "Drive",  "Dr",      "Court", "Ct",      "Square",    "Sq",
    "Place",  "Pl", "Way",    "Parkway", "Pkwy",  "Highway", "Hwy",       "Terrace"};

constexpr std::string_view kEndings[] = {"straße", "strasse", "str.", "gasse", "allee", "platz"};

/// A house's number: 12, 12b. Returns its end, or where it began.
std::size_t end_of_house(std::string_view text, std::size_t at) {
  std::size_t end = end_of(text, at, is_digit);
  if (end == at || end - at > kNumberDigitsMax) return at;
  if (is_letter(peek(text, end))) ++end;
  return is_word(peek(text, end)) ? at : end;
}

bool is_name(std::string_view word) {
  return !word.empty() && word.size() <= kWordBytesMax && (is_upper(word[0]) || is_digit(word[0]));
}

/// 10 Downing Street, 221b Baker St.
std::size_t match_number_first(std::string_view text, std::size_t at) {
  std::size_t end = end_of_house(text, at);
  if (end == at) return 0;
  for (std::size_t words = 0; words <= kNameWordsMax && peek(text, end) == ' '; ++words) {
    const std::size_t begin = end + 1;
    end = begin;
    while (is_word(peek(text, end)) && end - begin <= kWordBytesMax) ++end;
    const std::string_view word = text.substr(begin, end - begin);
    if (!is_name(word)) return 0;
    const bool kind = std::find(std::begin(kKinds), std::end(kKinds), word) != std::end(kKinds);
    // "St" may also begin a name: 5 St James Street
    if (kind && words > 0) return end - at;
    if (peek(text, end) == '.' && peek(text, end + 1) == ' ') ++end;
  }
  return 0;
}

/// Hauptstraße 5, Goetheplatz 12a.
std::size_t match_number_last(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while ((is_letter(peek(text, end)) || peek(text, end) == '-') && end - at <= kWordBytesMax) ++end;
  if (peek(text, end) == '.') ++end;
  const std::string_view word = text.substr(at, end - at);
  const bool street =
      is_upper(word[0]) && std::any_of(std::begin(kEndings), std::end(kEndings), [&](auto ending) {
        return word.size() > ending.size() && word.ends_with(ending);
      });
  if (!street || peek(text, end) != ' ') return 0;
  const std::size_t house_end = end_of_house(text, end + 1);
  return house_end > end + 1 ? house_end - at : 0;
}

}  // namespace

std::size_t match_street(std::string_view text, std::size_t at) {
  if (is_digit(text[at])) return match_number_first(text, at);
  return is_upper(text[at]) ? match_number_last(text, at) : 0;
}

}  // namespace vitals::text::redaction
