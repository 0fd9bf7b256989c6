#include "characters.h"
#include "place.h"

namespace vitals::text::redaction {
namespace {

// Longer ones are rare, and what bounds them bounds the time that a text can take.
constexpr std::size_t kUrlBytesMax = 2'048;
constexpr std::size_t kSchemeBytesMax = 16;
constexpr std::size_t kLocalBytesMax = 64;  // RFC 5321, 4.5.3.1
constexpr std::size_t kDomainBytesMax = 255;

bool is_of_url(char c) {
  constexpr std::string_view kEnds = "\"<>`{}|\\^";
  return static_cast<unsigned char>(c) > 0x20 && kEnds.find(c) == std::string_view::npos;
}

/// Where the host begins, behind `scheme://`; nothing where none stands.
std::optional<std::size_t> host_of(std::string_view text, std::size_t begin) {
  if (has_at(text, begin, "www.")) return begin;
  const std::size_t end = skip(text, begin, kSchemeBytesMax, [](char c) {
    return is_alnum(c) || c == '+' || c == '-' || c == '.';
  });
  if (end == begin || text.substr(end, 3) != "://") return std::nullopt;
  return end + 3;
}

bool is_local(char c) {
  constexpr std::string_view kSigns = ".!#$%&'*+/=?^_`{|}~-";  // RFC 5322, 3.2.3
  return is_alnum(c) || is_high(c) || kSigns.find(c) != std::string_view::npos;
}

/// The end of a number up to 255, without a word before its digits are over.
std::optional<std::size_t> octet(std::string_view text, std::size_t begin) {
  const std::size_t end = skip(text, begin, 4, is_digit);
  if (end == begin || end - begin > 3) return std::nullopt;
  int value = 0;
  for (std::size_t i = begin; i < end; ++i) value = value * 10 + (text[i] - '0');
  return value <= 255 ? std::optional(end) : std::nullopt;
}

std::optional<std::size_t> ip4(std::string_view text, std::size_t begin) {
  auto end = octet(text, begin);
  for (int i = 1; end && i < 4; ++i) {
    end = at(text, *end) == '.' ? octet(text, *end + 1) : std::nullopt;
  }
  if (!end || word_at(text, *end)) return std::nullopt;
  if (at(text, *end) == '.' && is_digit(at(text, *end + 1))) return std::nullopt;
  return end;
}

bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

/// RFC 4291, 2.2: eight groups, or fewer with `::`. Times and names in code have neither that and a
/// digit.
std::optional<std::size_t> ip6(std::string_view text, std::size_t begin) {
  const std::size_t end =
      skip(text, begin, 46, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
  std::size_t groups = 0, digits = 0, gaps = 0, in_group = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] == ':' || text[i] == '.') {
      gaps += text[i] == ':' && at(text, i + 1) == ':' ? 1 : 0;
      in_group = 0;
      continue;
    }
    groups += in_group++ == 0 ? 1 : 0;
    digits += is_digit(text[i]) ? 1 : 0;
    if (in_group > 4) return std::nullopt;
  }
  if (word_at(text, end) || digits == 0 || gaps > 1) return std::nullopt;
  const bool whole = gaps == 1 ? groups >= 2 && groups < 8 : groups == 8;
  if (!whole) return std::nullopt;
  return at(text, end - 1) == '.' ? end - 1 : end;
}

/// The domain's end: labels parted by dots, the last one of letters; or an address of four numbers.
std::optional<std::size_t> domain(std::string_view text, std::size_t begin) {
  std::size_t end = skip(text, begin, kDomainBytesMax, [](char c) {
    return is_alnum(c) || is_high(c) || c == '-' || c == '.' || c == '_';
  });
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  if (end - begin == kDomainBytesMax) return std::nullopt;
  const std::string_view name = text.substr(begin, end - begin);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view last = name.substr(dot + 1);
  const bool word = last.size() >= 2 && !is_digit(last.front());
  return word || ip4(text, begin) == end ? std::optional(end) : std::nullopt;
}

/// `version 1.2.3.4` tells of a program.
bool names_version(std::string_view before) {
  while (!before.empty() && (before.back() == ' ' || before.back() == ':')) before.remove_suffix(1);
  for (const std::string_view word : {"version", "release", "build", "ver."}) {
    const bool room = before.size() >= word.size();
    if (room && has_at(before, before.size() - word.size(), word)) return true;
  }
  return false;
}

}  // namespace

std::optional<Found> find_url(const Place& place) {
  const std::string_view text = place.text;
  if (!is_alpha(text[place.at])) return std::nullopt;
  const auto host = host_of(text, place.at);
  if (!host) return std::nullopt;
  std::size_t end = skip(text, *host, kUrlBytesMax, is_of_url);
  while (is_continuation(at(text, end))) ++end;
  constexpr std::string_view kAfter = ".,;:!?)]'";
  while (end > *host && kAfter.find(text[end - 1]) != std::string_view::npos) --end;
  const std::string_view rest = text.substr(*host, end - *host);
  if (rest.find_first_of("@?#") == std::string_view::npos) return std::nullopt;
  return Found{place.at, end, "[url]"};
}

std::optional<Found> find_email(const Place& place) {
  const std::string_view text = place.text;
  const std::size_t sign = skip(text, place.at, kLocalBytesMax, is_local);
  if (sign == place.at || at(text, sign) != '@') return std::nullopt;
  const auto end = domain(text, sign + 1);
  if (!end) return std::nullopt;
  return Found{place.at, *end, "[email]"};
}

std::optional<Found> find_ip(const Place& place) {
  const char first = place.text[place.at];
  if (!is_hex(first) && first != ':') return std::nullopt;
  const bool inside = place.at > 0 && (place.text[place.at - 1] == '.' ||
                                       (place.text[place.at - 1] == ':' && first == ':'));
  if (inside) return std::nullopt;
  auto end = ip4(place.text, place.at);
  if (end && names_version(place.before)) return std::nullopt;
  if (!end) end = ip6(place.text, place.at);
  if (!end) return std::nullopt;
  return Found{place.at, *end, "[ip]"};
}

}  // namespace vitals::text::redaction
