#include "items.h"

#include <array>

namespace vitals::wire::json {
namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The characters that matter between the strings of a JSON text.
constexpr std::array<bool, 256> make_structural() {
  std::array<bool, 256> structural{};
  for (const char c : std::string_view("[]{},\"")) structural[static_cast<unsigned char>(c)] = true;
  return structural;
}
constexpr auto kStructural = make_structural();

std::size_t next_structural(std::string_view text, std::size_t at) {
  while (at < text.size() && !kStructural[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

/// The position after the string that begins at `at`, or the text's end when it is not closed.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (std::size_t quote = text.find('"', at + 1); quote != std::string_view::npos;
       quote = text.find('"', quote + 1)) {
    std::size_t escapes = quote;
    while (text[escapes - 1] == '\\') --escapes;  // the opening quote ends this
    if ((quote - escapes) % 2 == 0) return quote + 1;
  }
  return text.size();
}

/// Where the value that begins at `at` ends: at a comma or closing bracket outside of it, or npos.
std::size_t skip_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (at = next_structural(text, at); at < text.size(); at = next_structural(text, at)) {
    switch (text[at]) {
      case '"':
        at = skip_string(text, at);
        continue;
      case '[':
      case '{':
        ++depth;
        break;
      case ',':
        if (depth == 0) return at;
        break;
      default:
        if (depth == 0) return at;
        --depth;
        break;
    }
    ++at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool several_objects(std::string_view text) {
  if (text.empty() || text.front() != '{') return false;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); at = next_structural(text, at)) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) {
      return trim(text.substr(at + 1)).substr(0, 1) == "{";
    }
    ++at;
  }
  return false;
}

std::optional<Lines::Line> Lines::next() {
  while (!rest_.empty()) {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = trim(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++number_;
    if (!line.empty()) return Line{line, number_};
  }
  return std::nullopt;
}

std::optional<std::string_view> Elements::finish(std::string_view problem) {
  finished_ = true;
  problem_ = problem;
  return std::nullopt;
}

std::optional<std::string_view> Elements::next() {
  if (finished_) return std::nullopt;
  const std::size_t end = skip_value(array_, at_);
  if (end == std::string_view::npos) return finish("the array is not closed");
  if (array_[end] == '}') return finish("the array has a brace too many");
  const std::string_view element = trim(array_.substr(at_, end - at_));
  const bool only = first_ && array_[end] == ']';
  first_ = false;
  at_ = end + 1;
  finished_ = array_[end] == ']';
  if (finished_ && at_ != array_.size()) problem_ = "something follows the array";
  if (!element.empty()) return element;
  return finish(only ? problem_ : "a value is missing");
}

}  // namespace vitals::wire::json
