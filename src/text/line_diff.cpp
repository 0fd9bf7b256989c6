#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <dtl/dtl.hpp>

#include <vitals/text/line_diff.h>

namespace vitals::text {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// The library keeps two million steps at most, and finds no shortest way beyond.
constexpr std::size_t kStepsMax = 1'000'000;

/// Without the lines that both begin and end with.
bool is_small(const Lines& before, const Lines& after) {
  const auto [a, b] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto [c, d] = std::mismatch(before.rbegin(), std::make_reverse_iterator(a), after.rbegin(),
                                    std::make_reverse_iterator(b));
  const auto removed = static_cast<std::size_t>(c.base() - a);
  const auto added = static_cast<std::size_t>(d.base() - b);
  return (removed + 1) * (added + 1) <= kStepsMax;
}

/// All of the one for all of the other.
LineDiff replaced(const Lines& before, const Lines& after) {
  LineDiff whole{"", after.size(), before.size()};
  whole.unified =
      "@@ -1," + std::to_string(before.size()) + " +1," + std::to_string(after.size()) + " @@\n";
  for (const std::string& line : before) whole.unified += "-" + line + "\n";
  for (const std::string& line : after) whole.unified += "+" + line + "\n";
  return whole;
}

}  // namespace

LineDiff diff_lines(std::string_view before, std::string_view after) {
  const Lines old_lines = lines_of(before);
  const Lines new_lines = lines_of(after);
  if (!is_small(old_lines, new_lines)) return replaced(old_lines, new_lines);
  dtl::Diff<std::string> diff(old_lines, new_lines);
  diff.compose();
  LineDiff found;
  for (const auto& [line, info] : diff.getSes().getSequence()) {
    found.added += info.type == dtl::SES_ADD ? 1 : 0;
    found.removed += info.type == dtl::SES_DELETE ? 1 : 0;
  }
  if (found.added + found.removed == 0) return found;
  diff.composeUnifiedHunks();
  std::ostringstream unified;
  diff.printUnifiedFormat(unified);
  found.unified = unified.str();
  return found;
}

}  // namespace vitals::text
