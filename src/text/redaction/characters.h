#pragma once

#include <cstddef>
#include <string_view>

namespace vitals::text::redaction {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

inline char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// Bytes of other scripts are letters.
inline bool is_letter(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

inline bool is_word(char c) { return is_letter(c) || is_digit(c); }

/// The character at a place, 0 behind the end.
inline char peek(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

/// The one before a place, 0 at the start.
inline char before(std::string_view text, std::size_t at) { return at > 0 ? text[at - 1] : '\0'; }

/// Where a run of characters of a kind ends.
template <class Kind>
std::size_t end_of(std::string_view text, std::size_t at, Kind is_kind) {
  while (at < text.size() && is_kind(text[at])) ++at;
  return at;
}

/// Whether the text goes on with a word in lower case, whatever its own case.
inline bool continues_with(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != word[i]) return false;
  }
  return true;
}

}  // namespace vitals::text::redaction
