#include "line_reader.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "prompt.h"

namespace vitals::text {
namespace {

constexpr std::size_t kLabelWordsMax = 6;
constexpr std::string_view kSpace = " \t\r\v\f";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::uint32_t columns_before_text(std::string_view line) {
  std::uint32_t columns = 0;
  for (const char c : line) {
    if (c != ' ' && c != '\t') break;
    columns += c == '\t' ? 4 : 1;
  }
  return columns;
}

bool is_fence(std::string_view line) {
  return line.substr(0, 3) == "```" || line.substr(0, 3) == "~~~";
}

/// A line of nothing but one sign, at least three times: a rule, or what underlines a heading.
bool is_row_of(std::string_view line, char sign) {
  return line.size() >= 3 && line.find_first_not_of(sign) == std::string_view::npos;
}

/// Of an object or array that stands unfenced in the text: `{`, `],`, `"name": …`.
bool is_json(std::string_view line) {
  if (line.find_first_not_of("{}[](),; ") == std::string_view::npos) return true;
  if (line.front() != '"') return false;
  const std::size_t quote = line.find('"', 1);
  return quote != std::string_view::npos && trimmed(line.substr(quote + 1)).substr(0, 1) == ":";
}

bool is_tag(std::string_view line) {
  return line.size() > 2 && line.front() == '<' && line.find('>') == line.size() - 1 &&
         line.find_first_of(" =!?") == std::string_view::npos;
}

/// The name in `<name>text</name>` where the text has no tags of its own; empty otherwise.
std::string_view tag_around(std::string_view line) {
  const std::size_t end = line.find('>');
  const std::size_t close = line.find("</");
  if (end == std::string_view::npos || close == std::string_view::npos || close <= end + 1)
    return {};
  const std::string_view opening = line.substr(0, end + 1), name = line.substr(1, end - 1);
  const bool same = is_tag(opening) && line.substr(close + 2) == line.substr(1, end);
  const bool text = !trimmed(line.substr(end + 1, close - end - 1)).empty();
  return same && text ? name : std::string_view();
}

/// Code that stands unfenced in the text: `<div class="a">`, `while (x) {`, `color: red;`.
bool is_code(std::string_view line) {
  const char last = line.back();
  if (line.front() == '<' && last == '>') return !is_tag(line) && tag_around(line).empty();
  return last == '{' || (last == ';' && is_lower(line.front()));
}

int heading_depth(std::string_view line) {
  const std::size_t depth = line.find_first_not_of('#');
  if (depth == 0 || depth > 6 || depth == std::string_view::npos) return 0;
  return line[depth] == ' ' || line[depth] == '\t' ? static_cast<int>(depth) : 0;
}

std::size_t spaces_in(std::string_view line) {
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), ' '));
}

/// A short line that names what comes: bold as a whole, or ending in a colon, or in capitals.
bool is_label(std::string_view line) {
  if (is_tag(line)) return line[1] != '/';
  if (line.size() > 60 || spaces_in(line) >= kLabelWordsMax) return false;
  const bool bold = line.size() > 4 && line.substr(0, 2) == "**" &&
                    (line.substr(line.size() - 2) == "**" || line.substr(line.size() - 3) == "**:");
  if (bold) return line.find("**", 2) >= line.size() - 3;
  if (!is_upper(line.front()) || line.find_first_of(".,;!?\"") != std::string_view::npos)
    return false;
  const bool colon = line.back() == ':' && line.find(':') == line.size() - 1;
  const bool capitals = std::none_of(line.begin(), line.end(), is_lower) &&
                        std::count_if(line.begin(), line.end(), is_upper) >= 3;
  return colon || (capitals && line.find(':') == std::string_view::npos);
}

/// Takes the tags off `<name>text</name>`.
void read_tag(Line& line) {
  line.tag = tag_around(line.text);
  if (line.tag.empty()) return;
  line.text.remove_prefix(line.tag.size() + 2);
  line.text = trimmed(line.text.substr(0, line.text.find("</")));
}

/// Makes the line an item if it starts with a bullet or a number.
void read_marker(Line& line) {
  const std::string_view text = line.text;
  const auto space_at = [&](std::size_t at) {
    return at < text.size() && (text[at] == ' ' || text[at] == '\t');
  };
  if ((text[0] == '-' || text[0] == '*' || text[0] == '+') && space_at(1)) {
    line.kind = LineKind::item;
    line.marker = text[0];
    return;
  }
  if (text.substr(0, 3) == "\xE2\x80\xA2") {  // •
    line.kind = LineKind::item;
    line.marker = 'o';
    return;
  }
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0 || digits > 3 || digits == text.size()) return;
  if (text[digits] != '.' && text[digits] != ')') return;
  if (digits + 1 < text.size() && !space_at(digits + 1)) return;
  line.kind = LineKind::item;
  line.marker = text[digits];
  for (const char digit : text.substr(0, digits)) line.ordinal = line.ordinal * 10 + (digit - '0');
}

LineKind kind_of(std::string_view text) {
  if (text.empty()) return LineKind::blank;
  if (is_row_of(text, '-') || is_row_of(text, '*') || is_row_of(text, '_')) return LineKind::blank;
  if (text.substr(0, 2) == "</" && is_tag(text)) return LineKind::blank;
  if (text.substr(0, 4) == "END " && is_label(text))
    return LineKind::blank;  // of a part in capitals
  if (heading_depth(text) > 0) return LineKind::heading;
  if (text.front() == '|') return LineKind::table;
  if (is_json(text) || is_code(text)) return LineKind::code;
  return LineKind::prose;
}

/// "Review this code:" above a fence is a sentence, though it looks like a label: it begins with a
/// verb and points at something. "Format of the answer:" names it.
bool hands_over(std::string_view label) {
  if (label.back() != ':') return false;
  std::string lower;
  for (const char c : label.substr(0, label.size() - 1)) {
    lower.push_back(is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c);
  }
  constexpr std::string_view kPlease = "please ";
  std::string_view rest = lower;
  if (rest.substr(0, kPlease.size()) == kPlease) rest.remove_prefix(kPlease.size());
  if (!is_imperative_verb(rest.substr(0, rest.find(' ')))) return false;
  const std::string words = std::string(rest) + ' ';
  if (words.substr(words.find(' ')).substr(0, 4) == " of ") return false;
  constexpr std::string_view kPointers[] = {" this ", " these ", " the ",
                                            " my ",   " our ",   " following "};
  return std::any_of(std::begin(kPointers), std::end(kPointers), [&](std::string_view pointer) {
    return words.find(pointer) != std::string::npos;
  });
}

/// Makes the label that hands over the code that comes now a sentence.
void free_label(std::vector<Line>& lines) {
  const auto last = std::find_if(lines.rbegin(), lines.rend(),
                                 [](const Line& line) { return line.kind != LineKind::blank; });
  if (last == lines.rend() || last->kind != LineKind::label || !hands_over(last->text)) return;
  last->kind = LineKind::prose;
}

/// Gives items their nesting and labels their depth, which depend on the lines above.
void nest(std::vector<Line>& lines) {
  std::vector<std::uint32_t> indents;  // of the items around, outermost first
  int heading = 0;
  for (Line& line : lines) {
    if (line.kind == LineKind::heading) heading = line.depth;
    if (line.kind == LineKind::label) line.depth = heading + 1;
    if (line.kind == LineKind::item) {
      while (!indents.empty() && indents.back() >= line.indent + 1) indents.pop_back();
      if (indents.empty() || line.indent >= indents.back() + 2) indents.push_back(line.indent);
      line.depth = static_cast<int>(indents.size()) - 1;
    } else if (line.kind != LineKind::blank && line.indent == 0) {
      indents.clear();
    }
  }
}

}  // namespace

ReadLines read_lines(std::string_view text) {
  ReadLines read;
  std::vector<Line>& lines = read.lines;
  lines.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
  std::string_view fence;  // that is open
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view whole = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);

    Line line;
    line.text = trimmed(whole);
    if (is_fence(line.text) && (fence.empty() || line.text.substr(0, 3) == fence)) {
      line.kind = LineKind::code;
      if (fence.empty()) free_label(lines);
      fence = fence.empty() ? line.text.substr(0, 3) : std::string_view();
      read.unclosed_fence = fence.empty() ? std::nullopt : std::optional(lines.size());
    } else if (!fence.empty()) {
      line.kind = LineKind::code;
    } else {
      const bool below_text =
          !lines.empty() && lines.back().kind == LineKind::prose && lines.back().tag.empty();
      const bool underline = is_row_of(line.text, '=') || is_row_of(line.text, '-');
      line.kind = underline ? LineKind::blank : kind_of(line.text);
      line.indent = columns_before_text(whole);
      if (underline && below_text) {
        lines.back().kind = LineKind::heading;
        lines.back().depth = line.text[0] == '=' ? 1 : 2;
      }
      if (line.kind == LineKind::heading) line.depth = heading_depth(line.text);
      if (line.kind == LineKind::prose) read_tag(line);
      if (line.kind == LineKind::prose && line.tag.empty()) read_marker(line);
      if (line.kind == LineKind::prose && line.tag.empty() && !below_text && is_label(line.text)) {
        line.kind = LineKind::label;
      }
    }
    lines.push_back(line);
  }
  nest(lines);
  return read;
}

}  // namespace vitals::text
