#include "tokens.h"

#include <cmath>

namespace vitals::text {
namespace {

constexpr std::size_t kLetters = 10;  // of a word that one token takes
constexpr std::size_t kDigits = 3;    // of a number
constexpr std::size_t kSigns = 4;     // of a run of punctuation, with the line ends behind it
constexpr double kPerForeign = 0.22;  // tokens of a byte above 0x7F

enum class Class { letter, digit, foreign, space, line_end, sign };

Class class_of(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Class::letter;
  if (c >= '0' && c <= '9') return Class::digit;
  if (static_cast<unsigned char>(c) >= 0x80) return Class::foreign;
  if (c == '\n' || c == '\r') return Class::line_end;
  return c == ' ' || c == '\t' ? Class::space : Class::sign;
}

std::size_t pieces(std::size_t bytes, std::size_t of) { return (bytes + of - 1) / of; }

}  // namespace

std::size_t estimate_tokens(std::string_view text) {
  double foreign = 0;
  std::size_t tokens = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const Class is = class_of(text[at]);
    const auto pass = [&](Class some) {
      while (at < text.size() && class_of(text[at]) == some) ++at;
    };
    pass(is);
    if (is == Class::sign) pass(Class::line_end);
    const std::size_t bytes = at - start;
    switch (is) {
      case Class::letter:
        tokens += pieces(bytes, kLetters);
        break;
      case Class::digit:
        tokens += pieces(bytes, kDigits);
        break;
      case Class::sign:
        tokens += pieces(bytes, kSigns);
        break;
      case Class::foreign:
        foreign += kPerForeign * static_cast<double>(bytes);
        break;
      case Class::line_end:
        tokens += 1;
        break;
      case Class::space:
        tokens += bytes == 1 ? 0 : 1;
        break;  // one goes with the word behind it
    }
  }
  return tokens + static_cast<std::size_t>(std::lround(foreign));
}

}  // namespace vitals::text
