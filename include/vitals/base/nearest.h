#pragma once

#include <string_view>
#include <vector>

namespace vitals {

/// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other: optimal
/// string alignment distance (Damerau 1964; Wagner, Fischer 1974).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that `word` is most likely a misspelling of; "" when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace vitals
