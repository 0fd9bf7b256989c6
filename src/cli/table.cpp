#include "table.h"

#include <algorithm>

namespace vitals::cli {
namespace {

void append(std::string& line, const TableCell& cell, std::size_t width, Align align, bool last,
            bool color) {
  const std::string text = printable(cell.text);
  const std::string padding(width - std::min(width, display_width(text)), ' ');
  if (align == Align::right) line += padding;
  line += toned(text, cell.tone, color);
  if (align == Align::left && !last) line += padding;
  if (!last) line += "  ";
}

/// Without the padding of empty cells at its end.
void end_line(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

}  // namespace

std::size_t display_width(std::string_view text) {
  // Continuation bytes of UTF-8 are 10xxxxxx.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    clean += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return clean;
}

std::string Table::text(bool color) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(display_width(column.title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(printable(row[i].text)));
    }
  }
  std::string text;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    append(text, {columns_[i].title, Tone::faint}, widths[i], columns_[i].align,
           i + 1 == columns_.size(), color);
  }
  end_line(text);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      append(text, row[i], widths[i], columns_[i].align, i + 1 == row.size(), color);
    }
    end_line(text);
  }
  return text;
}

}  // namespace vitals::cli
