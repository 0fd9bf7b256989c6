#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitals::text::valence {

/// What a word does to rated words near it.
enum class Role : std::uint8_t {
  none,
  negator,
  intensifier,  ///< amount: 1 strengthens … -1 weakens
  unreal,       ///< speaks of what is not, or not yet
  thwarted,     ///< an expectation, as what follows it was
  contrast,     ///< what follows it counts for more
  concession    ///< what follows it, in its clause, counts for less
};

struct Effect {
  Role role = Role::none;
  double amount = 0;
};

/// In lower case. Words that end with "n't" are negators.
Effect effect_of(std::string_view word);

/// Of words of comments on software and its answers which the lists lack, rated by ourselves.
std::optional<double> own_valence(std::string_view word);

/// Of two words whose valence is not that of either.
std::optional<double> phrase_valence(std::string_view two_words);

}  // namespace vitals::text::valence
