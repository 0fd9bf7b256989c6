#include <array>

#include "characters.h"
#include "place.h"

namespace vitals::text::redaction {
namespace {

constexpr std::string_view kMark = "[key]";
constexpr std::size_t kTokenBytesMax = 4'096;

/// How keys of known services begin, and how many bytes follow at least.
struct Prefix {
  std::string_view text;
  std::size_t rest;
};
constexpr Prefix kPrefixes[] = {
    {"sk-", 16},        {"sk_live_", 8}, {"sk_test_", 8},     {"rk_live_", 8}, {"pk_live_", 8},
    {"ghp_", 16},       {"gho_", 16},    {"ghu_", 16},        {"ghs_", 16},    {"ghr_", 16},
    {"glpat-", 16},     {"hf_", 16},     {"github_pat_", 16}, {"npm_", 16},    {"pypi-", 16},
    {"xoxa-", 8},       {"xoxb-", 8},    {"xoxe-", 8},        {"xoxp-", 8},    {"xoxr-", 8},
    {"xoxs-", 8},       {"xapp-", 8},    {"AKIA", 16},        {"ASIA", 16},    {"AIza", 30},
    {"ya29.", 16},      {"SG.", 16},     {"whsec_", 16},      {"dop_v1_", 16}, {"eyJ", 16},
    {"AccountKey=", 16}};

/// What a value is given to. Of the first ones any value is secret, of the others one with a digit.
constexpr std::array<std::string_view, 6> kPasswords{"password", "passwd",     "passwort",
                                                     "pwd",      "passphrase", "kennwort"};
constexpr std::array<std::string_view, 12> kSecrets{
    "secret",     "token",      "api_key",       "apikey",      "api-key",    "access_token",
    "auth_token", "secret_key", "client_secret", "private_key", "access_key", "auth_key"};

bool is_of_token(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '+' || c == '/' || c == '=';
}
bool is_of_key(char c) { return is_of_token(c) || c == '.' || c == '~'; }
bool is_of_value(char c) {
  constexpr std::string_view kEnds = "\"'`,;<>[]{}()";
  return static_cast<unsigned char>(c) > 0x20 && kEnds.find(c) == std::string_view::npos;
}

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

/// An end that no word goes on at.
std::size_t whole_words(std::string_view text, std::size_t end) {
  while (word_at(text, end) || is_continuation(at(text, end))) ++end;
  return end;
}

std::optional<Found> private_key(std::string_view text, std::size_t begin) {
  constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
  if (text.substr(begin, kBegin.size()) != kBegin) return std::nullopt;
  const std::string_view head = text.substr(begin, 80);
  if (head.find("PRIVATE KEY") == std::string_view::npos) return std::nullopt;
  const std::size_t foot = text.find(kEnd, begin);
  const std::size_t dashes =
      foot == std::string_view::npos ? foot : text.find(kDashes, foot + kEnd.size());
  const bool open = dashes == std::string_view::npos;
  return Found{begin, open ? text.size() : whole_words(text, dashes + kDashes.size()), kMark};
}

std::optional<Found> known_key(std::string_view text, std::size_t begin) {
  for (const Prefix& prefix : kPrefixes) {
    if (text[begin] != prefix.text[0]) continue;  // as most are not
    if (text.substr(begin, prefix.text.size()) != prefix.text) continue;
    const std::size_t rest = begin + prefix.text.size();
    std::size_t end = skip(text, rest, kTokenBytesMax, is_of_key);
    while (end > rest && text[end - 1] == '.') --end;
    if (end - rest >= prefix.rest) return Found{begin, whole_words(text, end), kMark};
  }
  return std::nullopt;
}

/// `Bearer abc123`: RFC 6750, 2.1.
std::optional<Found> bearer(std::string_view text, std::size_t begin) {
  constexpr std::string_view kWord = "bearer";
  constexpr std::size_t kBytesMin = 8, kSurely = 24;
  if (!has_at(text, begin, kWord)) return std::nullopt;
  const std::size_t token =
      skip(text, begin + kWord.size(), 3, [](char c) { return c == ' ' || c == ':'; });
  if (token == begin + kWord.size()) return std::nullopt;
  std::size_t end = skip(text, token, kTokenBytesMax, is_of_key);
  while (end > token && text[end - 1] == '.') --end;
  const std::string_view value = text.substr(token, end - token);
  const bool good = value.size() >= kSurely || (value.size() >= kBytesMin && has_digit(value));
  if (!good) return std::nullopt;
  return Found{token, whole_words(text, end), kMark};
}

/// `password: x`, `api_key="x1"`, `password is x1`.
std::optional<Found> assigned(std::string_view text, std::size_t begin) {
  const std::size_t name_end =
      skip(text, begin, 16, [](char c) { return is_alnum(c) || c == '_' || c == '-'; });
  const std::string_view name = text.substr(begin, name_end - begin);
  const bool password = is_among(name, kPasswords);
  if (!password && !is_among(name, kSecrets)) return std::nullopt;
  const auto blank = [](char c) { return c == ' ' || c == '"' || c == '\''; };
  std::size_t value = skip(text, name_end, 3, blank);
  const bool is = has_at(text, value, "is ");
  if (!is && at(text, value) != ':' && at(text, value) != '=') return std::nullopt;
  value = skip(text, value + (is ? 3 : 1), 3, blank);
  const std::size_t end = whole_words(text, skip(text, value, kTokenBytesMax, is_of_value));
  const std::string_view secret = text.substr(value, end - value);
  const bool digit = has_digit(secret);
  const bool good =
      password && !is ? secret.size() >= 4 : digit && secret.size() >= (password ? 6U : 8U);
  if (!good) return std::nullopt;
  return Found{value, end, kMark};
}

/// What was made by chance: 32 hexadecimal digits or more, as of hashes and UUIDs, or letters and
/// digits that take turns as words, even put together (`getUserById2`), do not.
bool is_random(std::string_view token) {
  constexpr std::size_t kHexMin = 32, kBytesMin = 20, kBytesPerDigitTurn = 8, kBytesPerTurn = 2;
  const auto kind = [](char c) { return is_digit(c) ? 0 : is_lower(c) ? 1 : is_upper(c) ? 2 : 3; };
  std::size_t hex = 0, others = 0, digits = 0, turns = 0, digit_turns = 0;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    const bool is_hex = is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
    digits += is_digit(c) ? 1 : 0;
    hex += is_hex ? 1 : 0;
    others += !is_hex && c != '-' ? 1 : 0;
    if (i == 0 || !is_alnum(c) || !is_alnum(token[i - 1]) || kind(c) == kind(token[i - 1]))
      continue;
    ++turns;
    digit_turns += is_digit(c) || is_digit(token[i - 1]) ? 1 : 0;
  }
  if (digits == 0 || turns == 0) return false;
  if (others == 0 && hex >= kHexMin) return true;
  if (token.size() < kBytesMin) return false;
  return digit_turns * kBytesPerDigitTurn >= token.size() || turns * kBytesPerTurn >= token.size();
}

std::optional<Found> random_token(std::string_view text, std::size_t begin) {
  if (begin > 0 && is_of_token(text[begin - 1])) return std::nullopt;
  const std::size_t end = skip(text, begin, kTokenBytesMax, is_of_token);
  if (!is_random(text.substr(begin, end - begin))) return std::nullopt;
  return Found{begin, whole_words(text, end), kMark};
}

}  // namespace

std::optional<Found> find_key(const Place& place) {
  const std::string_view text = place.text;
  const char first = text[place.at];
  if (first == '-') {
    auto found = private_key(text, place.at);
    if (found) return found;
  }
  if (is_alpha(first)) {
    for (const auto find : {known_key, bearer, assigned}) {
      auto found = find(text, place.at);
      if (found) return found;
    }
  }
  return random_token(text, place.at);
}

}  // namespace vitals::text::redaction
