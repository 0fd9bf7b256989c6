#include "characters.h"
#include "pattern.h"

namespace vitals::text::redaction {
namespace {

bool is_local(char c) {
  return is_word(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

bool is_label(char c) { return is_word(c) || c == '-'; }

}  // namespace

std::size_t match_email(std::string_view text, std::size_t at) {
  if (is_local(before(text, at)) || !is_local(text[at])) return 0;
  const std::size_t sign = end_of(text, at, is_local);
  if (sign == at || peek(text, sign) != '@') return 0;
  std::size_t end = end_of(text, sign + 1, is_label);
  if (end == sign + 1) return 0;
  std::size_t labels = 1;
  std::size_t last = sign + 1;
  while (peek(text, end) == '.' && is_word(peek(text, end + 1))) {
    last = end + 1;
    end = end_of(text, last, is_label);
    ++labels;
  }
  const bool top_level = end - last >= 2 && is_letter(text[last]) && is_letter(text[last + 1]);
  return labels >= 2 && top_level ? end - at : 0;
}

}  // namespace vitals::text::redaction
