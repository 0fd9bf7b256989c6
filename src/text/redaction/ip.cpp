#include "characters.h"
#include "pattern.h"

namespace vitals::text::redaction {
namespace {

bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

/// Four numbers up to 255. Behind the word "version" they are one.
std::size_t match_v4(std::string_view text, std::size_t at) {
  if (before(text, at) == '.' || before(text, at) == '-') return 0;
  std::size_t end = at;
  for (int number = 0; number < 4; ++number) {
    if (number > 0 && peek(text, end++) != '.') return 0;
    const std::size_t begin = end;
    std::size_t value = 0;
    while (is_digit(peek(text, end)) && end - begin < 4) {
      value = value * 10 + static_cast<std::size_t>(text[end++] - '0');
    }
    if (end == begin || value > 255 || end - begin > 3) return 0;
  }
  if (is_word(peek(text, end)) || (peek(text, end) == '.' && is_digit(peek(text, end + 1))))
    return 0;
  constexpr std::string_view kVersion = "version ";
  const bool version =
      at >= kVersion.size() && continues_with(text, at - kVersion.size(), kVersion);
  return version ? 0 : end - at;
}

constexpr std::size_t kShortenedMin = 5;  // characters: [12::30] is a slice of a list

/// Eight groups, or fewer with "::" once. Without a digit it may be a name of a program: "add::be".
std::size_t match_v6(std::string_view text, std::size_t at) {
  if (before(text, at) == ':' || before(text, at) == '.') return 0;
  std::size_t end = at;
  std::size_t groups = 0;
  bool shortened = false;
  bool digit = false;
  std::size_t characters = 0;
  while (end < text.size() && groups <= 8) {
    if (text.substr(end).starts_with("::")) {
      if (shortened) return 0;
      shortened = true;
      end += 2;
    } else if (groups > 0 && text[end] == ':' && is_hex(peek(text, end + 1))) {
      ++end;
    }
    const std::size_t begin = end;
    while (is_hex(peek(text, end)) && end - begin < 5) digit = is_digit(text[end++]) || digit;
    if (end == begin) break;
    if (end - begin > 4 || is_word(peek(text, end))) return 0;
    characters += end - begin;
    ++groups;
  }
  const bool complete =
      shortened ? groups >= 2 && groups < 8 && characters >= kShortenedMin : groups == 8;
  return complete && digit && peek(text, end) != ':' ? end - at : 0;
}

}  // namespace

std::size_t match_ip(std::string_view text, std::size_t at) {
  if (!is_hex(text[at])) return 0;
  const std::size_t v4 = match_v4(text, at);
  return v4 > 0 ? v4 : match_v6(text, at);
}

}  // namespace vitals::text::redaction
