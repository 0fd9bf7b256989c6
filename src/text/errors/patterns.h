#pragma once

#include <span>
#include <string_view>

namespace vitals::text::errors {

/// One line of the table: a message with these words, one after another, is of this class. `a|b` is
/// either word, `..` up to kGapMax words in between, `http:429` that number where a message has
/// the status of an answer.
struct Pattern {
  std::string_view type;
  std::string_view words;
};

inline constexpr std::size_t kGapMax = 6;

/// The first one that a message matches counts, so what is told by special words comes before what
/// is told by general ones. docs/errors.md says what each class means.
std::span<const Pattern> patterns();

}  // namespace vitals::text::errors
