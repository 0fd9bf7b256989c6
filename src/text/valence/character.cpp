#include "character.h"

namespace vitals::text::valence {
namespace {

using Kind = Character::Kind;

bool is_between(unsigned char c, unsigned char first, unsigned char last) {
  return c >= first && c <= last;
}

Character ascii(unsigned char c) {
  const char sign = static_cast<char>(c);
  if (c == ' ' || is_between(c, '\t', '\r')) return {Kind::space, 1, sign};
  const bool letter = is_between(c, 'a', 'z') || is_between(c, 'A', 'Z') || is_between(c, '0', '9');
  if (letter) return {Kind::letter, 1, sign};
  return {c < ' ' || c == 0x7F ? Kind::nothing : Kind::punctuation, 1, sign};
}

/// U+2000 … U+203F, General Punctuation.
Character general_punctuation(unsigned char last) {
  if (last == 0x98 || last == 0x99) return {Kind::punctuation, 3, '\''};
  if (is_between(last, 0x93, 0x95)) return {Kind::punctuation, 3, ','};  // dashes
  if (last == 0xA6) return {Kind::punctuation, 3, '.'};                  // …
  if (last == 0x8D) return {Kind::nothing, 3};                           // joins emoji
  return {Kind::space, 3};
}

}  // namespace

Character character_at(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const std::size_t left = text.size() - position;
  if (byte(0) < 0x80) return ascii(byte(0));
  if (byte(0) == 0xC2 && left >= 2 && byte(1) == 0xA0) return {Kind::space, 2};
  if (byte(0) == 0xE2 && left >= 3) {
    if (byte(1) == 0x80) return general_punctuation(byte(2));
    if (is_between(byte(1), 0x98, 0x9E)) return {Kind::emoji, 3};  // U+2600 … U+27BF
  }
  if (byte(0) == 0xEF && left >= 3 && byte(1) == 0xB8 && byte(2) == 0x8F) {
    return {Kind::nothing, 3};  // U+FE0F asks for an emoji in colour
  }
  if (byte(0) == 0xF0 && left >= 4 && byte(1) == 0x9F) {
    const bool skin_tone = byte(2) == 0x8F && is_between(byte(3), 0xBB, 0xBF);
    return {skin_tone ? Kind::nothing : Kind::emoji, 4};
  }
  return {};
}

}  // namespace vitals::text::valence
