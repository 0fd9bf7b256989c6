#include "key_ring.h"

#include <charconv>
#include <cstring>
#include <optional>

#include <vitals/base/time_text.h>

namespace vitals::registry {
namespace {

constexpr std::string_view kHeader = "vitals pseudonym keys 1";
constexpr std::string_view kCurrent = "current";
constexpr std::string_view kRetired = "retired";

const Error& damaged() {
  static const Error error{Errc::invalid_argument,
                           "the pseudonym key file is damaged: restore it from a backup"};
  return error;
}

void add_line(std::string& text, std::string_view what, TimeMs time, const Pseudonyms::Key& key) {
  text.append(what).append(" ").append(format_rfc3339(time)).append(" ").append(hex_of_key(key));
  text += '\n';
}

/// The text up to `end`, which goes with it; nothing when there is no `end`.
std::optional<std::string_view> take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

/// `current 2026-12-01T10:00:00.000Z 00ff…`
std::optional<KeyRing::Retired> parse_line(std::string_view line, std::string_view what) {
  const auto word = take_until(line, ' ');
  const auto time_text = take_until(line, ' ');
  if (!word || *word != what || !time_text) return std::nullopt;
  const auto time = parse_rfc3339(*time_text);
  KeyRing::Retired parsed;
  if (!time || !parse_key(line, parsed.key)) return std::nullopt;
  parsed.at = *time;
  return parsed;
}

}  // namespace

std::string hex_of_key(const Pseudonyms::Key& key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : key) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

bool parse_key(std::string_view hex, Pseudonyms::Key& key) {
  if (hex.size() != 2 * key.size()) return false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char* begin = hex.data() + 2 * i;
    const auto [end, problem] = std::from_chars(begin, begin + 2, key[i], 16);
    if (problem != std::errc{} || end != begin + 2) return false;
  }
  return true;
}

std::string format_keys(const KeyRing& ring) {
  std::string text(kHeader);
  text += '\n';
  add_line(text, kCurrent, ring.since, ring.current);
  for (const KeyRing::Retired& retired : ring.retired) {
    add_line(text, kRetired, retired.at, retired.key);
  }
  return text;
}

Result<KeyRing> parse_keys(std::string_view bytes) {
  KeyRing ring;
  if (bytes.size() == ring.current.size()) {
    std::memcpy(ring.current.data(), bytes.data(), bytes.size());
    return ring;
  }
  const auto header = take_until(bytes, '\n');
  const auto first = take_until(bytes, '\n');
  if (!header || *header != kHeader || !first) return damaged();
  const auto current = parse_line(*first, kCurrent);
  if (!current) return damaged();
  ring.current = current->key;
  ring.since = current->at;
  while (!bytes.empty()) {
    const auto line = take_until(bytes, '\n');
    const auto retired = line ? parse_line(*line, kRetired) : std::nullopt;
    if (!retired) return damaged();
    ring.retired.push_back(*retired);
  }
  return ring;
}

}  // namespace vitals::registry
