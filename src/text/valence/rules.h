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

/// Valences are on VADER's scale, -4 … 4. Weights marked H are Hutto and Gilbert's;
/// docs/sentiment.md says how the others were chosen.
struct Weights {
  // Factors of a valence:
  double second_list = 0.5;  ///< its ratings go to 5 and are coarser
  double negation = -0.6;
  double praise = 1.5;
  double before_contrast = 0.4;
  double conceded = 0.3;
  double unreal = 0.6;
  double thwarted = 0.1;
  double asked = 0.6;
  // Valences of negators by themselves:
  double bare_negation = -0.6;
  double bare_no = -1.2;  ///< H
  // What is added to a valence, or to the sum:
  double intensity = 0.6;
  double capitals = 0.733;  ///< H
  double exclamation_mark = 0.6;
  // How the sum becomes the sentiment:
  double length_exponent = 0.33;
  double saturation = 20;
};

}  // namespace vitals::text::valence
