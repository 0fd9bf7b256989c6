#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <vitals/base/short_text.h>

namespace vitals::wire::json {

static_assert(std::endian::native == std::endian::little, "the first character is the lowest byte");

/// Walks a JSON object's text that is valid UTF-8 and begins and ends with a brace. Understands
/// JSON as most programs write it and gives up on the rest: each function is false where the text
/// is not JSON, or only a full parser can tell what it means (escapes, exponents, many digits).
/// Never reads past the text: digits end at the last brace at the latest.
class Cursor {
 public:
  explicit Cursor(std::string_view object)
      : at_(object.data()), end_(object.data() + object.size()) {}

  bool at_end() const { return at_ == end_; }
  const char* at() const { return at_; }

  /// The character after white space, not taken; NUL at the end.
  char peek() {
    while (at_ != end_ && is_space(*at_)) ++at_;
    return at_ == end_ ? '\0' : *at_;
  }
  bool take(char c) {
    if (at_ == end_ || *at_ != c) {  // most programs write no space
      if (peek() != c) return false;
    }
    ++at_;
    return true;
  }
  /// `rest` follows at once.
  bool take(std::string_view rest) {
    if (!left(rest.size()) || !equal_bytes(at_, rest.data(), rest.size())) return false;
    at_ += rest.size();
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
    bool fraction = false;  ///< written with one
  };
  bool take_number(Number& number);

 private:
  static constexpr std::uint64_t kOnes = 0x0101010101010101U;
  static constexpr std::uint64_t kHighs = kOnes * 0x80U;
  static constexpr std::size_t kDigitsMax = 15;  // 10^15 < 2^53
  static constexpr std::array<double, kDigitsMax + 1> kPowersOfTen{
      1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

  bool take_short_number(std::uint64_t& digits, std::size_t& count, std::size_t& places);
  bool take_long_number(std::uint64_t& digits, std::size_t& count, std::size_t& places);

  /// The highest bit of each character that is no digit.
  static std::uint64_t non_digits(std::uint64_t word) {
    const std::uint64_t values = word ^ kOnes * '0';
    return (((values & ~kHighs) + kOnes * 0x76U) | values) & kHighs;
  }
  static std::size_t place_of_lowest(std::uint64_t bits) {
    return static_cast<std::size_t>(std::countr_zero(bits)) / 8;
  }
  /// Of the first n > 0 characters: pairs, then fours, then all eight (Lemire 2018, "Quickly
  /// parsing eight digits").
  static std::uint64_t value_of_digits(std::uint64_t word, std::size_t n) {
    constexpr std::uint64_t kFours = 0x000000ff000000ffU;
    std::uint64_t value = (word ^ kOnes * '0') << (64 - 8 * n);
    value = value * 10 + (value >> 8U);
    return ((value & kFours) * (100 + (1000000ULL << 32U)) +
            ((value >> 16U) & kFours) * (1 + (10000ULL << 32U))) >>
           32U;
  }

  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  bool left(std::size_t n) const { return static_cast<std::size_t>(end_ - at_) >= n; }

  /// The first quote, backslash or control character.
  static const char* text_end(const char* at, const char* end) {
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
      const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(0x1f)), text);
      const __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')),
                                                      _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'))),
                                         control);
      const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
      if (mask != 0) return at + std::countr_zero(mask);
    }
#endif
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
    return at;
  }

  const char* at_;
  const char* end_;
};

/// One that ends within a word. Its point is taken out, so that its digits are read together.
inline bool Cursor::take_short_number(std::uint64_t& digits, std::size_t& count,
                                      std::size_t& places) {
  if (!left(8)) return false;
  const auto word = load<std::uint64_t>(at_);
  const std::uint64_t others = non_digits(word);
  const std::size_t first = place_of_lowest(others);
  if (others == 0 || first == 0) return false;
  count = first;
  places = 0;
  if (at_[first] != '.') {
    digits = value_of_digits(word, count);
    at_ += first;
    return true;
  }
  const std::uint64_t behind = others & (others - 1);
  const std::size_t end = place_of_lowest(behind);
  if (behind == 0 || end == first + 1) return false;
  places = end - first - 1;
  count += places;
  const std::uint64_t whole = (std::uint64_t{1} << (8 * first)) - 1;
  digits = value_of_digits((word & whole) | ((word >> 8U) & ~whole), count);
  at_ += end;
  return true;
}

inline bool Cursor::take_long_number(std::uint64_t& digits, std::size_t& count,
                                     std::size_t& places) {
  const auto take_digits = [&] {
    const char* first = at_;
    for (; is_digit(*at_); ++at_) digits = digits * 10 + static_cast<std::uint64_t>(*at_ - '0');
    return static_cast<std::size_t>(at_ - first);
  };
  // Too many make `digits` wrap, and are told by their number.
  digits = 0;
  places = 0;
  count = 0;
  for (; left(8) && non_digits(load<std::uint64_t>(at_)) == 0; at_ += 8, count += 8) {
    digits = digits * 100'000'000 + value_of_digits(load<std::uint64_t>(at_), 8);
  }
  count += take_digits();
  if (count == 0) return false;
  if (*at_ == '.') {
    ++at_;
    places = take_digits();
    if (places == 0) return false;
  }
  count += places;
  return count <= kDigitsMax;
}

inline bool Cursor::take_number(Number& number) {
  if (at_ == end_) return false;
  const bool negative = *at_ == '-';
  if (negative) ++at_;
  const char* begin = at_;
  std::uint64_t digits = 0;
  std::size_t count = 0, places = 0;
  if (!take_short_number(digits, count, places) && !take_long_number(digits, count, places)) {
    return false;
  }
  if (*begin == '0' && count - places > 1) return false;
  if (*at_ == 'e' || *at_ == 'E') return false;
  number.fraction = places > 0;
  number.value = static_cast<double>(digits);
  if (number.fraction) number.value /= kPowersOfTen[places];
  if (negative) number.value = -number.value;
  return true;
}

}  // namespace vitals::wire::json
