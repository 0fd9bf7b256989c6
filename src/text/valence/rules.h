#pragma once

#include <bitset>
#include <cstddef>

namespace vitals::text::valence {

/// What is made of a text besides adding up its rated words. Each can be left out, to measure what
/// it gains.
enum class Rule : std::size_t {
  second_list,
  own_words,
  phrases,
  elongation,
  negation,
  bare_negation,
  praise_by_negation,
  intensifiers,
  capitals,
  exclamation,
  contrast,
  concession,
  unreal,
  thwarted,
  questions,
  length,
  count
};

using Rules = std::bitset<static_cast<std::size_t>(Rule::count)>;

inline Rules all_rules() { return Rules().set(); }

}  // namespace vitals::text::valence
