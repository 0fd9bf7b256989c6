#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "../document.h"

namespace vitals::text::topics {

/// One to three words: their numbers, the first in the lowest bits, 0 where there is none.
using Phrase = std::uint64_t;
inline constexpr unsigned kWordBits = 21;
inline constexpr std::size_t kWordsMax = 3;

/// A phrase where it stands.
struct Place {
  Phrase phrase;
  std::uint32_t sentence;
  std::uint32_t first_word;
  std::uint32_t words;
};

/// Numbers words from 1, singular and plural as one. Beyond 2^21 new ones say nothing.
class Words {
 public:
  /// 0: it says nothing.
  std::uint32_t number(const Word& word);

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

/// All phrases of a document, in order.
std::vector<Place> phrases_of(const Document& document, Words& words);

/// A phrase that enough comments have.
struct Candidate {
  Phrase phrase = 0;
  std::vector<std::uint32_t> comments;  ///< ascending
  double worth = 0;                     ///< its C-value
};

/// Those that at least `comments_min` comments have, the most worth first, at most kCandidatesMax,
/// without those that say the same as a better one.
std::vector<Candidate> candidates(const std::vector<std::vector<Place>>& places,
                                  std::uint32_t comments_min);

inline constexpr std::size_t kCandidatesMax = 500;

}  // namespace vitals::text::topics
