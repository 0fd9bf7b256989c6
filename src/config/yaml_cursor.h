#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitals::config {

/// A place in a text of lines, and the first thing that was found wrong with it.
class Cursor {
 public:
  explicit Cursor(std::vector<std::string_view> lines) : lines_(std::move(lines)) {}

  std::size_t line = 0;    ///< from 0
  std::size_t column = 0;  ///< in bytes, from 0

  bool at_end() const { return line >= lines_.size(); }
  std::string_view text() const { return lines_[line]; }
  /// From here to the end of the line.
  std::string_view rest() const { return text().substr(column); }
  /// '\0' at the end of the line.
  char peek(std::size_t ahead = 0) const {
    return column + ahead < text().size() ? text()[column + ahead] : '\0';
  }
  void skip_spaces() {
    while (peek() == ' ') ++column;
  }
  void next_line() {
    ++line;
    column = 0;
  }
  /// Nothing but blanks, or a comment that is set off by a blank.
  bool only_comment_left() const {
    const std::size_t at = text().find_first_not_of(' ', column);
    if (at == std::string_view::npos) return true;
    return text()[at] == '#' && (at == 0 || text()[at - 1] == ' ');
  }

  /// Remembers the first problem; false, so that callers can return it.
  bool fail(std::string reason) {
    if (!problem) problem = {line, std::move(reason)};
    return false;
  }
  struct Problem {
    std::size_t line;  ///< from 0
    std::string reason;
  };
  std::optional<Problem> problem;

 private:
  std::vector<std::string_view> lines_;
};

}  // namespace vitals::config
