#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace vitals::text::redaction {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_alpha(char c) { return is_upper(c) || is_lower(c); }
inline bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
/// Of a character that is no ASCII.
inline bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
inline bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }
inline char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// The byte there, or NUL beyond the end.
inline char at(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

/// Whether a character belongs to a word, by its first byte. Scripts with two bytes a letter part
/// words by spaces; most of those with more do not, and so a number may stand right beside them.
inline bool leads_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return is_alnum(c) || c == '_' || (byte >= 0xC3 && byte <= 0xDF);
}

/// Whether the character before `i` belongs to a word.
inline bool word_before(std::string_view text, std::size_t i) {
  if (i == 0) return false;
  std::size_t first = i - 1;
  while (first > 0 && i - first < 4 && is_continuation(text[first])) --first;
  return leads_word(text[first]);
}
inline bool word_at(std::string_view text, std::size_t i) { return leads_word(at(text, i)); }

/// The first place from `i` on where there is none of the wanted, at most `most` bytes further.
template <class Wanted>
std::size_t skip(std::string_view text, std::size_t i, std::size_t most, Wanted&& wanted) {
  const std::size_t end = std::min(text.size(), i + most);
  while (i < end && wanted(text[i])) ++i;
  return i;
}

/// Whether the text has this at `i`; `wanted` is in lower case.
inline bool has_at(std::string_view text, std::size_t i, std::string_view wanted) {
  if (i > text.size() || text.size() - i < wanted.size()) return false;
  return std::equal(wanted.begin(), wanted.end(), text.begin() + static_cast<std::ptrdiff_t>(i),
                    [](char a, char b) { return a == lower(b); });
}

/// Equal but for the case of ASCII letters; `wanted` is in lower case.
inline bool is_text(std::string_view text, std::string_view wanted) {
  return text.size() == wanted.size() && has_at(text, 0, wanted);
}

template <class List>
bool is_among(std::string_view text, const List& list) {
  return std::any_of(list.begin(), list.end(),
                     [text](std::string_view one) { return is_text(text, one); });
}

}  // namespace vitals::text::redaction
