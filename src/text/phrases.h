#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document.h"

namespace vitals::text {

/// A word or a few words to look for, in lower case with single spaces.
struct Phrase {
  std::string_view words;
  int kind = 0;               ///< whatever its list tells apart
  std::string_view advice{};  ///< what to write instead
};

struct Match {
  const Phrase* phrase = nullptr;  ///< nullptr: nothing there
  std::size_t words = 0;           ///< how many it takes
  explicit operator bool() const { return phrase != nullptr; }
};

/// A list of phrases that is looked up word by word. Keeps a view of the list.
class Phrases {
 public:
  explicit Phrases(std::span<const Phrase> list);

  /// The longest phrase that starts with this word and ends before end_word.
  Match match(const std::vector<Word>& words, std::size_t word, std::size_t end_word) const;

 private:
  std::unordered_map<std::string_view, std::vector<const Phrase*>> by_first_word_;
};

/// English's grammatical words (articles, pronouns, prepositions, conjunctions, auxiliaries …).
bool is_function_word(std::string_view word);

}  // namespace vitals::text
