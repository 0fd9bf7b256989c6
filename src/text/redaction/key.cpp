#include <algorithm>
#include <iterator>

#include "characters.h"
#include "pattern.h"

namespace vitals::text::redaction {
namespace {

/// How keys of known services start, and how long they are at least. Case matters.
struct Prefix {
  std::string_view text;
  std::size_t bytes_min;
};

constexpr Prefix kPrefixes[] = {
    {"sk-", 20},   {"sk_", 20},  {"pk_", 20},         {"rk_", 20},    {"ghp_", 20},  {"gho_", 20},
    {"ghu_", 20},  {"ghs_", 20}, {"ghr_", 20},        {"glpat-", 20}, {"xoxb-", 16}, {"xoxp-", 16},
    {"xoxa-", 16}, {"AKIA", 20}, {"github_pat_", 20}, {"ASIA", 20},   {"AIza", 30},  {"ya29.", 20},
    {"eyJ", 30},   {"hf_", 20},  {"npm_", 20},
};

/// Words that a secret stands behind, after ":" or "=".
constexpr std::string_view kLabels[] = {"password", "passwd",  "passphrase", "pwd",    "secret",
                                        "api key",  "api_key", "api-key",    "apikey", "token"};

constexpr std::size_t kRunBytesMin = 20;
constexpr std::size_t kRunDigitsMin = 2;
constexpr std::size_t kHexBytesMin = 32;

bool is_key(char c) { return is_word(c) || c == '_' || c == '-' || c == '.' || c == '+'; }

bool is_alphanumeric(char c) { return is_word(c) && static_cast<unsigned char>(c) < 0x80; }

bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

enum class Class { digit, capital, small };

Class class_of(char c) {
  if (is_digit(c)) return Class::digit;
  return is_upper(c) ? Class::capital : Class::small;
}

/// Digits and letters of both cases that alternate as drawn ones do, and CamelCase2 does not: of
/// drawn ones six neighbours of ten differ in class.
bool alternates(std::string_view part) {
  std::size_t changes = 0;
  for (std::size_t i = 1; i < part.size(); ++i) {
    changes += class_of(part[i]) != class_of(part[i - 1]) ? 1 : 0;
  }
  return changes * 5 >= part.size() * 2;
}

/// One long part of letters and digits without order, or a long hexadecimal number.
bool looks_random(std::string_view run) {
  std::size_t at = 0;
  while (at < run.size()) {
    if (!is_alphanumeric(run[at])) {
      ++at;
      continue;
    }
    const std::size_t end = end_of(run, at, is_alphanumeric);
    const std::string_view part = run.substr(at, end - at);
    const auto digits = std::count_if(part.begin(), part.end(), is_digit);
    const auto capitals = std::count_if(part.begin(), part.end(), is_upper);
    const auto letters = static_cast<std::ptrdiff_t>(part.size()) - digits;
    const bool mixed = capitals > 0 && capitals < letters &&
                       digits >= static_cast<std::ptrdiff_t>(kRunDigitsMin) && alternates(part);
    const bool hex = std::all_of(part.begin(), part.end(), is_hex) && digits > 0 && letters > 0;
    if ((mixed && part.size() >= kRunBytesMin) || (hex && part.size() >= kHexBytesMin)) return true;
    at = end;
  }
  return false;
}

std::size_t match_run(std::string_view text, std::size_t at) {
  if (is_key(before(text, at))) return 0;
  std::size_t end = end_of(text, at, is_key);
  while (end > at && !is_word(text[end - 1])) --end;  // the full stop of a sentence
  std::size_t begin = at;
  while (begin < end && !is_word(text[begin])) ++begin;
  const std::string_view run = text.substr(begin, end - begin);
  for (const Prefix& prefix : kPrefixes) {
    if (run.size() >= prefix.bytes_min && run.starts_with(prefix.text)) {
      return end_of(text, end, [](char c) { return c == '='; }) - at;
    }
  }
  if (!looks_random(run)) return 0;
  return end_of(text, end, [](char c) { return c == '='; }) - at;
}

bool is_space(char c) { return c == ' ' || c == '\t'; }

bool is_secret(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != ',' && c != ';' && c != '"' && c != '\'';
}

/// "password: hunter2" with its label. A few digits behind "token" are a count.
std::size_t match_labelled(std::string_view text, std::size_t at) {
  for (const std::string_view label : kLabels) {
    if (!continues_with(text, at, label)) continue;
    std::size_t value = end_of(text, at + label.size(), is_space);
    if (peek(text, value) != ':' && peek(text, value) != '=') continue;
    value = end_of(text, value + 1, is_space);
    if (peek(text, value) == '"' || peek(text, value) == '\'') ++value;
    const std::size_t end = end_of(text, value, is_secret);
    const bool number = end_of(text, value, is_digit) == end;
    if (end == value || (label == "token" && number && end - value < 8)) continue;
    return end - at;
  }
  return 0;
}

constexpr std::string_view kBlock = "-----BEGIN ";
constexpr std::string_view kBlockEnd = "-----END ";

/// A PEM block of a private key, to its end or the text's.
std::size_t match_block(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with(kBlock) || before(text, at) == '-') return 0;
  const std::string_view head = text.substr(at + kBlock.size(), 40);
  if (head.find("PRIVATE KEY-----") == std::string_view::npos) return 0;
  const std::size_t end = text.find(kBlockEnd, at);
  if (end == std::string_view::npos) return text.size() - at;
  const std::size_t close = text.find("-----", end + kBlockEnd.size());
  return (close == std::string_view::npos ? text.size() : close + 5) - at;
}

}  // namespace

std::size_t match_key(std::string_view text, std::size_t at) {
  if (const std::size_t block = match_block(text, at); block > 0) return block;
  if (const std::size_t labelled = match_labelled(text, at); labelled > 0) return labelled;
  return match_run(text, at);
}

}  // namespace vitals::text::redaction
