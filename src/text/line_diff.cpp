#include <sstream>
#include <vector>

#include <dtl/dtl.hpp>

#include <vitals/text/line_diff.h>

namespace vitals::text {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace

LineDiff diff_lines(std::string_view before, std::string_view after) {
  dtl::Diff<std::string> diff(lines_of(before), lines_of(after), true);
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
