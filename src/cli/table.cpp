#include "table.h"

#include <algorithm>

#include "numbers.h"

namespace vitals::cli {
namespace {

/// What a column's cells have in common.
struct Layout {
  std::size_t width = 0;
  int decimals = 0;
};

std::string text_of(const TableCell& cell, const Layout& layout) {
  const std::string text = printable(cell.text);
  return cell.number ? text + format_number(*cell.number, layout.decimals) : text;
}

Layout layout_of(const std::vector<std::vector<TableCell>>& rows, std::size_t column,
                 const std::string& title) {
  Layout layout{display_width(title)};
  for (const auto& row : rows) {
    if (row[column].number) {
      layout.decimals = std::max(layout.decimals, decimals_of(*row[column].number));
    }
  }
  for (const auto& row : rows) {
    layout.width = std::max(layout.width, display_width(text_of(row[column], layout)));
  }
  return layout;
}

void append(std::string& line, const TableCell& cell, const Layout& layout, Align align, bool last,
            bool color) {
  const std::string text = text_of(cell, layout);
  const std::size_t width = layout.width;
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
  std::vector<Layout> layouts;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    layouts.push_back(layout_of(rows_, i, columns_[i].title));
  }
  std::string text;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    append(text, {columns_[i].title, Tone::faint}, layouts[i], columns_[i].align,
           i + 1 == columns_.size(), color);
  }
  end_line(text);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      append(text, row[i], layouts[i], columns_[i].align, i + 1 == row.size(), color);
    }
    end_line(text);
  }
  return text;
}

}  // namespace vitals::cli
