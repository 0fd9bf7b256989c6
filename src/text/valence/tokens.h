#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vitals::text::valence {

/// A word, emoticon or emoji of a comment.
struct Token {
  std::size_t begin = 0;  ///< in Tokens::lower
  std::size_t end = 0;
  std::size_t clause = 0;  ///< ends at punctuation
  std::size_t sentence = 0;
  bool capitals = false;   ///< two letters or more, all of them capital
  bool elongated = false;  ///< one letter three times or more in a row
};

struct Tokens {
  /// All tokens in lower case, with a space between them: two neighbours are one part of it.
  std::string lower;
  std::vector<Token> list;
  std::vector<bool> asked;  ///< by sentence: it ends with a question mark
  std::size_t exclamation_marks = 0;
  bool shouts = false;  ///< some of its words are in capitals, and some are not

  /// Tokens `first` … `last` as one text.
  std::string_view text(std::size_t first, std::size_t last) const {
    return std::string_view(lower).substr(list[first].begin, list[last].end - list[first].begin);
  }
};

/// Links and names of accounts (@name) are left out. Hyphens part words.
Tokens tokens_of(std::string_view comment);

}  // namespace vitals::text::valence
