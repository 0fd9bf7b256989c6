#pragma once

#include <array>
#include <string_view>

namespace vitals::net {

/// Character classes of RFC 9110 section 5.6.2 and 5.5, as tables: they are asked for each byte.
using CharacterClass = std::array<bool, 256>;

constexpr CharacterClass characters_of(std::string_view more) {
  CharacterClass set{};
  for (unsigned c = '0'; c <= '9'; ++c) set[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) set[c] = set[c - 'a' + 'A'] = true;
  for (const char c : more) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr CharacterClass field_value_characters() {
  CharacterClass set{};
  set['\t'] = true;
  for (unsigned c = ' '; c <= 0xff; ++c) set[c] = c != 0x7f;
  return set;
}

inline constexpr CharacterClass token_characters = characters_of("!#$%&'*+-.^_`|~");
inline constexpr CharacterClass value_characters = field_value_characters();

constexpr bool all_of(const CharacterClass& set, std::string_view text) {
  for (const char c : text) {
    if (!set[static_cast<unsigned char>(c)]) return false;
  }
  return true;
}

constexpr bool is_token(std::string_view text) {
  return !text.empty() && all_of(token_characters, text);
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 0–15, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// ASCII only, as HTTP compares names and codings.
constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

/// Without spaces and tabs at both ends (RFC 9110 section 5.6.3, OWS).
constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Calls visit(element) for each non-empty element of a comma-separated list, trimmed.
template <class Visit>
constexpr void for_each_element(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim(list.substr(0, comma));
    if (!element.empty()) visit(element);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
}

}  // namespace vitals::net
