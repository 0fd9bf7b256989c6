#include "yaml_profile.h"

#include "yaml_flow.h"

namespace vitals::config {
namespace {

constexpr std::size_t kBlocksMax = 32;

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Length of the UTF-8 sequence at the front (RFC 3629 §4), 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  const unsigned second = byte(1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) {
    return 0;
  }
  return length;
}

/// Null when every character may stand in a configuration file.
const char* bad_character(std::string_view line) {
  while (!line.empty()) {
    const auto c = static_cast<unsigned char>(line.front());
    if (c == '\t') return "a tab; use spaces (or \\t between double quotes)";
    if (c == 0) return "a NUL byte";
    if (c < 0x20 || c == 0x7f) return "a control character";
    const std::size_t length = utf8_length(line);
    if (length == 0) return "not UTF-8";
    line.remove_prefix(length);
  }
  return nullptr;
}

/// Checks the block structure: every line continues or opens a collection at its column.
class BlockChecker {
 public:
  explicit BlockChecker(Cursor& at) : at_(at) {}

  bool run() {
    for (bool first = true; !at_.at_end(); at_.next_line()) {
      if (at_.only_comment_left()) continue;
      const bool marker = is_document_marker(at_.text());
      if (marker && first && at_.text().substr(0, 3) == "---") {
        at_.column = 3;
        if (!at_.only_comment_left()) return at_.fail("nothing may follow '---' on its line");
      } else if (marker) {
        return at_.fail("only one document is allowed in a file");
      } else if (at_.text().front() == '%') {
        return at_.fail("directives are not used here");
      } else if (!line()) {
        return false;
      }
      first = false;
    }
    return true;
  }

 private:
  enum class Kind { mapping, sequence };
  /// A block collection that is open, and where its entries start.
  struct Block {
    std::size_t column;
    Kind kind;
  };

  /// `- - key: value`: any number of dashes, then a key with or without value, or a value.
  bool line() {
    at_.skip_spaces();
    bool after_dash = false;
    while (at_.peek() == '-' && (at_.peek(1) == ' ' || at_.peek(1) == '\0')) {
      if (!enter(Kind::sequence, after_dash)) return false;
      ++at_.column;
      if (at_.only_comment_left()) return await_value();
      at_.skip_spaces();
      after_dash = true;
    }
    if (is_key()) {
      if (!enter(Kind::mapping, after_dash)) return false;
      if (at_.peek() == '"' || at_.peek() == '\'') {
        if (!skip_quoted(at_)) return false;
      } else if (!skip_plain(at_, false)) {
        return false;
      }
      ++at_.column;  // the colon
      if (at_.only_comment_left()) return await_value();
      at_.skip_spaces();
      return value();
    }
    if (after_dash) return value();
    const bool flow = at_.peek() == '[' || at_.peek() == '{';
    if (flow && awaiting_ && at_.column >= indent_min()) return value();
    const bool quoted = at_.peek() == '"' || at_.peek() == '\'';
    if (!flow && !(quoted ? skip_quoted(at_) : skip_plain(at_, false))) return false;
    return at_.fail("expected 'key: value' or '- item' (a text goes on one line)");
  }

  /// Looks ahead for a scalar followed by a colon.
  bool is_key() {
    Cursor ahead = at_;
    const bool quoted = ahead.peek() == '"' || ahead.peek() == '\'';
    if (quoted ? !skip_quoted(ahead) : !skip_plain(ahead, false)) return false;
    return ahead.peek() == ':' && (ahead.peek(1) == ' ' || ahead.peek(1) == '\0');
  }

  bool await_value() {
    awaiting_ = true;
    return true;
  }

  /// What belongs to the innermost open block starts at this column or further right.
  std::size_t indent_min() const { return blocks_.empty() ? 0 : blocks_.back().column + 1; }

  /// The entry at the cursor belongs to an open block of its kind, or opens one.
  bool enter(Kind kind, bool after_dash) {
    const std::size_t column = at_.column;
    const bool awaited = awaiting_;
    awaiting_ = false;
    const bool below_key = awaited && kind == Kind::sequence && !blocks_.empty() &&
                           blocks_.back().kind == Kind::mapping && blocks_.back().column == column;
    if (after_dash || below_key || (awaited && column >= indent_min())) {
      if (blocks_.size() >= kBlocksMax) return at_.fail("nested too deeply");
      blocks_.push_back({column, kind});
      return true;
    }
    while (!blocks_.empty() && blocks_.back().column > column) blocks_.pop_back();
    // A sequence may stand at the column of its key; the next key ends it.
    if (kind == Kind::mapping && blocks_.size() > 1 && blocks_.back().kind == Kind::sequence &&
        blocks_.back().column == column && blocks_[blocks_.size() - 2].column == column) {
      blocks_.pop_back();
    }
    if (!blocks_.empty() && blocks_.back().column == column && blocks_.back().kind == kind) {
      return true;
    }
    return at_.fail("wrong indentation");
  }

  bool value() {
    awaiting_ = false;
    switch (at_.peek()) {
      case '"':
      case '\'':
        if (!skip_quoted(at_)) return false;
        break;
      case '[':
      case '{':
        if (!skip_flow(at_, indent_min())) return false;
        break;
      case '|':
      case '>':
        return block_scalar();
      default:
        if (!skip_plain(at_, false)) return false;
        if (at_.peek() == ':') return at_.fail("': ' in a text; put it between quotes");
    }
    if (at_.only_comment_left()) return true;
    return at_.fail("unexpected text after the value");
  }

  /// `|` or `>` and the indented lines after it; leaves the cursor on the last of them.
  bool block_scalar() {
    ++at_.column;
    if (at_.peek() == '+' || at_.peek() == '-') ++at_.column;
    if (!at_.only_comment_left()) {
      return at_.fail(
          "only '+' or '-' may follow '|' or '>', and the text starts on the next line");
    }
    std::size_t indent = 0;
    std::size_t widest_blank = 0;
    for (Cursor ahead = at_; ahead.next_line(), !ahead.at_end();) {
      ahead.skip_spaces();
      const bool blank = ahead.rest().empty();
      if (blank && indent == 0) widest_blank = std::max(widest_blank, ahead.column);
      if (!blank && indent == 0) {
        if (ahead.column < indent_min()) break;
        indent = ahead.column;
        if (widest_blank > indent) return at_.fail("an empty line is indented too far");
      }
      if (!blank && ahead.column < indent) break;
      at_.line = ahead.line;
    }
    return true;
  }

  Cursor& at_;
  std::vector<Block> blocks_;
  bool awaiting_ = true;  ///< a value may start on the next line; at first, the document's
};

}  // namespace

bool check_profile(std::string_view text, Document& document) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  Cursor at(split_lines(text));
  bool readable = true;
  for (; !at.at_end(); at.next_line()) {
    if (const char* reason = bad_character(at.text())) {
      document.report->add(document.file, at.line + 1, "", reason);
      readable = false;
    }
  }
  if (!readable) return false;
  at.line = 0;
  at.column = 0;
  if (BlockChecker(at).run()) return true;
  document.report->add(document.file, at.problem->line + 1, "", at.problem->reason);
  return false;
}

}  // namespace vitals::config
