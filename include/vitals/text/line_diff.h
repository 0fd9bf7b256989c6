#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vitals::text {

/// What makes one text out of another, line by line.
struct LineDiff {
  std::string unified;  ///< hunks of a unified diff, three lines of context; "" for equal texts
  std::size_t added = 0;
  std::size_t removed = 0;
};

/// The shortest one; where so many lines differ that it would take long (1,000 by 1,000), all of
/// the one text for all of the other. A last line ends the same with or without a line break.
/// Source: Wu, Manber, Myers, Miller, "An O(NP) sequence comparison algorithm" (1990).
LineDiff diff_lines(std::string_view before, std::string_view after);

}  // namespace vitals::text
