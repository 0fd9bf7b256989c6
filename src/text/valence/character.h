#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vitals::text::valence {

struct Character {
  enum class Kind : std::uint8_t { letter, space, punctuation, emoji, nothing };

  Kind kind = Kind::letter;
  std::size_t bytes = 1;
  char sign = 0;  ///< the ASCII character that it is, or is like (’ is '); 0 for others
};

/// The one at `position`, which is inside the text. Digits are letters, and so are bytes that are
/// no UTF-8.
Character character_at(std::string_view text, std::size_t position);

}  // namespace vitals::text::valence
