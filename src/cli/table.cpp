#include "table.h"

#include <algorithm>
#include <ostream>

#include "numbers.h"

namespace vitals::cli {
namespace {

constexpr std::size_t kBetween = 2;
/// Less of a text says nothing.
constexpr std::size_t kShortest = 8;

/// What a column's cells have in common.
struct Layout {
  std::size_t width = 0;
  int decimals = 0;
};

/// Bytes of UTF-8 that continue a character are 10xxxxxx.
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

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

/// Its beginning and an ellipsis, where it does not fit.
std::string shortened(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::size_t end = 0;
  for (std::size_t left = width - 1; left > 0; --left) {
    do ++end;
    while (is_continuation(text[end]));
  }
  return text.substr(0, end) + "…";
}

/// Narrows flexible columns until a line fits.
void fit(std::vector<Layout>& layouts, const std::vector<Column>& columns, std::size_t width) {
  std::size_t line = kBetween * (layouts.size() - 1);
  for (const Layout& layout : layouts) line += layout.width;
  for (; line > width; --line) {
    Layout* widest = nullptr;
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      const std::size_t least = std::max(display_width(columns[i].title), kShortest);
      if (columns[i].align != Align::flexible || layouts[i].width <= least) continue;
      if (widest == nullptr || layouts[i].width > widest->width) widest = &layouts[i];
    }
    if (widest == nullptr) return;
    --widest->width;
  }
}

void append(std::string& line, const TableCell& cell, const Layout& layout, Align align, bool last,
            bool color) {
  const std::size_t width = layout.width;
  const std::string text = shortened(text_of(cell, layout), width);
  const std::string padding(width - std::min(width, display_width(text)), ' ');
  if (align == Align::right) line += padding;
  line += toned(text, cell.tone, color);
  if (last) return;
  if (align != Align::right) line += padding;
  line.append(kBetween, ' ');
}

/// Without the padding of empty cells at its end.
void end_line(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    clean += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return clean;
}

std::string Table::text(bool color, std::size_t width) const {
  std::vector<Layout> layouts;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    layouts.push_back(layout_of(rows_, i, columns_[i].title));
  }
  if (width > 0) fit(layouts, columns_, width);
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

void Table::print(const Console& console) const {
  console.out << text(console.color, console.width);
}

}  // namespace vitals::cli
