#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console.h"

namespace vitals::cli {

enum class Align {
  left,
  right,
  flexible  ///< left, and shortened where the terminal is too narrow for all columns
};

struct Column {
  std::string title;
  Align align = Align::left;
};

struct TableCell {
  TableCell(std::string the_text, Tone the_tone = Tone::plain)  // NOLINT: texts are cells by design
      : text(std::move(the_text)), tone(the_tone) {}
  TableCell(const char* the_text) : text(the_text) {}  // NOLINT: as above
  /// A number after `the_text`, as `≥ `. The numbers of a column have as many decimals each as the
  /// one that needs most, so that they can be compared at a glance.
  TableCell(std::string the_text, double the_number, Tone the_tone = Tone::plain)
      : text(std::move(the_text)), number(the_number), tone(the_tone) {}
  std::string text;
  std::optional<double> number;
  Tone tone = Tone::plain;
};

/// Columns as wide as their widest cell, two blanks between them. Flexible ones become narrower,
/// the widest first, until a line fits the terminal or each is as narrow as is of use.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell per column.
  void add(std::vector<TableCell> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  /// Lines of at most `width` columns, as far as that can be; 0 is no limit.
  std::string text(bool color, std::size_t width = 0) const;
  void print(const Console& console) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<TableCell>> rows_;
};

/// Columns of a terminal that a UTF-8 text takes; one per code point.
std::size_t display_width(std::string_view text);

/// The text without control characters, so that labels cannot drive the terminal.
std::string printable(std::string_view text);

}  // namespace vitals::cli
