#include "shape.h"

#include <array>
#include <cstring>

namespace vitals::events {
namespace {

constexpr char kDigit = '\0';  // in a pattern
constexpr std::size_t kDigitsMax = 16;
constexpr std::size_t kBytesMax = 1024;
constexpr std::uint8_t kNotADigit = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = kNotADigit;
  for (unsigned i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i) values['a' + i] = static_cast<std::uint8_t>(10 + i);
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = make_values();
constexpr std::string_view kDigits = "0123456789abcdef";

std::uint8_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

}  // namespace

void Shape::find_fields() {
  fields_.clear();
  for (std::size_t at = 0; at < pattern_.size(); ++at) {
    if (pattern_[at] != kDigit) continue;
    const bool continues = !fields_.empty() && fields_.back().at + fields_.back().digits == at &&
                           fields_.back().digits < kDigitsMax;
    if (continues) {
      ++fields_.back().digits;
    } else {
      fields_.push_back({at, 1});
    }
  }
}

bool Shape::fit(std::span<const std::string_view> texts) {
  if (texts.size() < 2 || texts.front().size() > kBytesMax) return false;
  pattern_ = texts.front();
  for (char& c : pattern_) {
    if (c == kDigit) return false;
    if (value_of(c) != kNotADigit) c = kDigit;
  }
  for (const std::string_view text : texts) {
    if (text.size() != pattern_.size()) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool fits =
          pattern_[at] == kDigit ? value_of(text[at]) != kNotADigit : text[at] == pattern_[at];
      if (!fits) return false;
    }
  }
  find_fields();
  return !fields_.empty();
}

std::uint64_t Shape::number(std::string_view text, const Field& field) {
  std::uint64_t number = 0;
  for (const char digit : text.substr(field.at, field.digits)) {
    number = number << 4U | value_of(digit);
  }
  return number;
}

void Shape::write(std::string& out) const { put_text(out, pattern_); }

bool Shape::read(ByteReader& in) {
  pattern_ = in.text();
  if (!in.ok() || pattern_.size() > kBytesMax) return false;
  find_fields();
  return true;
}

void Shape::write_literals(std::string& texts) const {
  for (std::size_t at = 0; at < texts.size(); at += pattern_.size()) {
    std::memcpy(texts.data() + at, pattern_.data(), pattern_.size());
  }
}

bool Shape::write_field(const Field& field, std::span<const std::uint64_t> numbers,
                        std::string& texts) const {
  std::uint64_t all = 0;
  char* text = texts.data() + field.at;
  for (std::uint64_t number : numbers) {
    all |= number;
    for (std::size_t digit = field.digits; digit-- > 0; number >>= 4U) {
      text[digit] = kDigits[number & 0xfU];
    }
    text += pattern_.size();
  }
  return field.digits == kDigitsMax || all >> (4 * field.digits) == 0;
}

}  // namespace vitals::events
