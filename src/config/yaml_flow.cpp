#include "yaml_flow.h"

namespace vitals::config {
namespace {

constexpr int kBracketsMax = 32;

bool is_one_of(char c, std::string_view set) {
  return c != '\0' && set.find(c) != std::string_view::npos;
}

bool ends_word(char c, bool in_flow) {
  return c == '\0' || c == ' ' || (in_flow && is_one_of(c, ",[]{}"));
}

/// YAML 1.2 §5.7.
bool skip_escape(Cursor& at) {
  const char kind = at.peek(1);
  std::size_t digits = 0;
  if (kind == 'x') digits = 2;
  if (kind == 'u') digits = 4;
  if (kind == 'U') digits = 8;
  if (digits == 0 && !is_one_of(kind, "0abtnvfre \"/\\N_LP")) {
    return at.fail(std::string("unknown escape '\\") + kind + "' in a double-quoted text");
  }
  at.column += 2;
  for (; digits > 0; --digits, ++at.column) {
    if (!is_one_of(at.peek(), "0123456789abcdefABCDEF")) {
      return at.fail("an escape in a double-quoted text has too few hexadecimal digits");
    }
  }
  return true;
}

/// To the next token of a flow collection, over comments and line ends.
bool skip_blanks(Cursor& at, std::size_t indent_min) {
  while (!at.at_end()) {
    if (!at.only_comment_left()) {
      at.skip_spaces();
      return true;
    }
    at.next_line();
    if (at.at_end()) break;
    const std::string_view line = at.text();
    if (is_document_marker(line)) return at.fail("'---' or '...' inside of brackets");
    at.skip_spaces();
    if (at.column < indent_min && !at.only_comment_left()) {
      return at.fail("must be indented further than the key whose value it continues");
    }
  }
  at.line -= 1;
  return at.fail("a bracket is not closed");
}

bool skip_flow_scalar(Cursor& at) {
  return is_one_of(at.peek(), "\"'") ? skip_quoted(at) : skip_plain(at, true);
}

bool skip_flow_key(Cursor& at) {
  if (!skip_flow_scalar(at)) return false;
  at.skip_spaces();
  if (at.peek() != ':') return at.fail("expected 'key: value' between braces");
  ++at.column;
  return true;
}

bool skip_flow_value(Cursor& at, std::size_t indent_min, int depth) {
  if (is_one_of(at.peek(), "[{")) return skip_flow(at, indent_min, depth + 1);
  return skip_flow_scalar(at);
}

}  // namespace

bool is_document_marker(std::string_view line) {
  const std::string_view start = line.substr(0, 3);
  return (start == "---" || start == "...") && (line.size() == 3 || line[3] == ' ');
}

bool skip_quoted(Cursor& at) {
  const char quote = at.peek();
  for (++at.column; at.peek() != '\0';) {
    if (at.peek() == '\\' && quote == '"') {
      if (!skip_escape(at)) return false;
    } else if (at.peek() == quote && quote == '\'' && at.peek(1) == quote) {
      at.column += 2;
    } else if (at.peek() == quote) {
      ++at.column;
      return true;
    } else {
      ++at.column;
    }
  }
  return at.fail("a quoted text does not end on its line");
}

bool skip_plain(Cursor& at, bool in_flow) {
  const char first = at.peek();
  if (first == '*') return at.fail("aliases are not used here; quote a text that begins with '*'");
  if (first == '&') return at.fail("anchors are not used here; quote a text that begins with '&'");
  if (first == '!') return at.fail("tags are not used here; quote a text that begins with '!'");
  if (is_one_of(first, ",[]{}#|>@`%\"'") ||
      (is_one_of(first, "-?:") && ends_word(at.peek(1), in_flow))) {
    return at.fail(std::string("unexpected '") + first + "'; quote a text that begins with it");
  }
  for (; at.peek() != '\0'; ++at.column) {
    const char c = at.peek();
    if (in_flow && is_one_of(c, ",[]{}")) break;
    if (c == ':' && ends_word(at.peek(1), in_flow)) break;
    if (c == ' ' && at.peek(1) == '#') break;
  }
  return true;
}

bool skip_flow(Cursor& at, std::size_t indent_min, int depth) {
  if (depth > kBracketsMax) return at.fail("brackets are nested too deeply");
  const bool mapping = at.peek() == '{';
  const char close = mapping ? '}' : ']';
  ++at.column;
  while (true) {
    if (!skip_blanks(at, indent_min)) return false;
    if (at.peek() == close) break;
    if (mapping && (!skip_flow_key(at) || !skip_blanks(at, indent_min))) return false;
    if (!skip_flow_value(at, indent_min, depth) || !skip_blanks(at, indent_min)) return false;
    if (at.peek() == close) break;
    if (at.peek() != ',') return at.fail(std::string("expected ',' or '") + close + "'");
    ++at.column;
  }
  ++at.column;
  return true;
}

}  // namespace vitals::config
