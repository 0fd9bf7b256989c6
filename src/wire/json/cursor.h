#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <vitals/base/short_text.h>

namespace vitals::wire::json {

/// Walks a JSON object's text that is valid UTF-8 and begins and ends with a brace. Understands
/// JSON as most programs write it and gives up on the rest: each function is false where the text
/// is not JSON, or only a full parser can tell what it means (escapes, exponents, many digits).
/// Never reads past the text: digits end at the last brace at the latest.
class Cursor {
 public:
  explicit Cursor(std::string_view object)
      : at_(object.data()), end_(object.data() + object.size()) {}

  bool at_end() const { return at_ == end_; }

  /// The character after white space, not taken; NUL at the end.
  char peek() {
    while (at_ != end_ && is_space(*at_)) ++at_;
    return at_ == end_ ? '\0' : *at_;
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  /// `rest` follows at once.
  bool take(std::string_view rest) {
    if (!left(rest.size()) || std::memcmp(at_, rest.data(), rest.size()) != 0) return false;
    at_ += rest.size();
    return true;
  }

  /// The key `expected` and its quotes, if they follow.
  bool take_key(std::string_view expected) {
    const std::size_t n = expected.size();
    if (!left(n + 2) || at_[0] != '"' || at_[n + 1] != '"') return false;
    if (!equal_bytes(at_ + 1, expected.data(), n)) return false;
    at_ += n + 2;
    return true;
  }

  /// A string without escapes.
  bool take_text(std::string_view& text) {
    if (!take('"')) return false;
    const char* begin = at_;
    at_ = text_end(begin, end_);
    if (at_ == end_ || *at_ != '"') return false;
    text = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return true;
  }

  /// A number of so few digits that its double is the quotient of two exact ones, and so the
  /// nearest (Clinger 1990, "How to read floating point numbers accurately", section 2).
  struct Number {
    double value = 0;
    std::string_view text;
    bool fraction = false;  ///< written with one
  };
  bool take_number(Number& number);

 private:
  static constexpr std::size_t kDigitsMax = 15;  // 10^15 < 2^53
  static constexpr std::array<double, kDigitsMax + 1> kPowersOfTen{
      1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  bool left(std::size_t n) const { return static_cast<std::size_t>(end_ - at_) >= n; }

  /// The first quote, backslash or control character, eight at a time (Anderson, "Bit Twiddling
  /// Hacks", "Determine if a word has a byte less than n"; the lowest byte found is a true one).
  static const char* text_end(const char* at, const char* end) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighs = kOnes * 0x80U;
    const auto zero_in = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
    while (std::endian::native == std::endian::little && end - at >= 8) {
      const auto word = load<std::uint64_t>(at);
      const std::uint64_t found = zero_in(word ^ kOnes * '"') | zero_in(word ^ kOnes * '\\') |
                                  ((word - kOnes * 0x20U) & ~word & kHighs);
      if (found != 0) return at + std::countr_zero(found) / 8;
      at += 8;
    }
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
    return at;
  }

  const char* at_;
  const char* end_;
};

inline bool Cursor::take_number(Number& number) {
  if (at_ == end_) return false;
  const char* begin = at_;
  const bool negative = *at_ == '-';
  if (negative) ++at_;
  const char* digits = at_;
  std::uint64_t all = 0;
  const auto take_digits = [&] {
    const char* first = at_;
    // Too many make `all` wrap, and are told by their number below.
    for (; is_digit(*at_); ++at_) all = all * 10 + static_cast<std::uint64_t>(*at_ - '0');
    return static_cast<std::size_t>(at_ - first);
  };
  const std::size_t whole = take_digits();
  if (whole == 0 || (whole > 1 && *digits == '0')) return false;
  number.fraction = *at_ == '.';
  std::size_t places = 0;
  if (number.fraction) {
    ++at_;
    places = take_digits();
    if (places == 0) return false;
  }
  if (whole + places > kDigitsMax || *at_ == 'e' || *at_ == 'E') return false;
  const double magnitude = static_cast<double>(all) / kPowersOfTen[places];
  number.value = negative ? -magnitude : magnitude;
  number.text = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

}  // namespace vitals::wire::json
