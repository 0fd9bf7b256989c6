#include "text.h"

namespace vitals::notify {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr std::string_view kCut = "…";

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

/// Bytes of the character at the front by its first byte; 0 when no character begins so.
std::size_t size_by_first_byte(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

/// Bytes of the valid character at the front, else 0. Unicode 15, table 3-7.
std::size_t valid_size(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  const std::size_t size = size_by_first_byte(first);
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(text, i) & 0xc0U) != 0x80U) return 0;
  }
  if (size < 3) return size;
  const unsigned char second = byte_at(text, 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool too_large = first == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_large ? 0 : size;
}

bool is_control(std::string_view character) {
  const unsigned char first = byte_at(character, 0);
  if (character.size() == 1) return first < ' ' || first == 0x7f;
  return character.size() == 2 && first == 0xc2 && byte_at(character, 1) < 0xa0;
}

std::size_t units_of(std::string_view character) { return character.size() == 4 ? 2 : 1; }

/// The character at the front of a clean text.
std::string_view front(std::string_view text) {
  return text.substr(0, size_by_first_byte(byte_at(text, 0)));
}

}  // namespace

std::string clean(std::string_view text) {
  std::string good;
  good.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = valid_size(text);
    if (size == 0) {
      good += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    const std::string_view character = text.substr(0, size);
    text.remove_prefix(size);
    if (character == "\n" || !is_control(character)) {
      good += character;
    } else if (character == "\t") {
      good += ' ';
    }
  }
  return good;
}

std::string one_line(std::string_view text) {
  std::string line = clean(text);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

std::size_t length(std::string_view text) {
  std::size_t units = 0;
  while (!text.empty()) {
    const std::string_view character = front(text);
    units += units_of(character);
    text.remove_prefix(character.size());
  }
  return units;
}

std::string cut(std::string_view text, std::size_t units_max) {
  return escaped(text, units_max,
                 [](std::string_view character) { return std::string(character); });
}

std::string escaped(std::string_view text, std::size_t units_max, Escape escape) {
  std::string all;
  std::size_t units = 0;
  std::size_t safe = 0;  // bytes of `all` that leave room for the mark of a cut
  while (!text.empty()) {
    const std::string_view character = front(text);
    text.remove_prefix(character.size());
    const std::string form = escape(character);
    units += length(form);
    if (units > units_max) {
      all.resize(safe);
      return units_max == 0 ? all : all.append(kCut);
    }
    all += form;
    if (units < units_max) safe = all.size();
  }
  return all;
}

}  // namespace vitals::notify
