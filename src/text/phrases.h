#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "document.h"

namespace vitals::text {

/// Words or phrases of a few words to look for: in lower case, separated by ", ".
struct PhraseGroup {
  template <class Kind>
  constexpr PhraseGroup(Kind of_kind, std::string_view list, std::string_view write_instead = {})
      : kind(static_cast<int>(of_kind)), phrases(list), advice(write_instead) {}

  int kind;  ///< whatever its list tells apart
  std::string_view phrases;
  std::string_view advice;  ///< what to write instead
};

struct Match {
  const PhraseGroup* group = nullptr;  ///< nullptr: nothing there
  std::size_t words = 0;               ///< how many it takes
  explicit operator bool() const { return group != nullptr; }
};

/// A list of phrases that is looked up word by word. Keeps a view of the list.
class Phrases {
 public:
  explicit Phrases(std::span<const PhraseGroup> groups);

  /// The longest phrase that starts with this word and ends before end_word.
  Match match(const std::vector<Word>& words, std::size_t word, std::size_t end_word) const;

 private:
  struct Phrase {
    std::string_view words;
    const PhraseGroup* group;
  };
  std::unordered_map<std::string_view, std::vector<Phrase>> by_first_word_;
};

/// The parts of a list separated by ", ".
std::vector<std::string_view> listed(std::string_view list);
/// The parts of all these lists.
std::unordered_set<std::string_view> set_of(std::span<const std::string_view> lists);

/// English's grammatical words (articles, pronouns, prepositions, conjunctions, auxiliaries …).
bool is_function_word(std::string_view word);

}  // namespace vitals::text
