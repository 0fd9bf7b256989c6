#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <vitals/text/error_class.h>

#include "patterns.h"
#include "words.h"

namespace vitals::text {
namespace {

using Words = std::vector<std::string>;

std::vector<std::string_view> split(std::string_view text, char sign) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(sign);
    parts.push_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return parts;
}

/// The table of patterns, looked up by the words that patterns begin with.
class Table {
 public:
  Table() {
    for (const errors::Pattern& pattern : errors::patterns()) {
      Line line{pattern.type, {}};
      for (const std::string_view word : split(pattern.words, ' ')) {
        line.words.push_back(split(word, '|'));
      }
      for (const std::string_view first : line.words.front()) {
        by_first_word_[first].push_back(static_cast<std::uint32_t>(lines_.size()));
      }
      lines_.push_back(std::move(line));
    }
  }

  /// "" when no line matches.
  std::string_view first_match(const Words& words) const {
    std::size_t best = lines_.size();
    for (std::size_t at = 0; at < words.size(); ++at) {
      const auto found = by_first_word_.find(words[at]);
      if (found == by_first_word_.end()) continue;
      for (const std::uint32_t line : found->second) {
        if (line >= best) break;
        if (matches(lines_[line].words, 1, words, at + 1)) best = line;
      }
    }
    return best == lines_.size() ? std::string_view{} : lines_[best].type;
  }

 private:
  using Alternatives = std::vector<std::string_view>;
  struct Line {
    std::string_view type;
    std::vector<Alternatives> words;
  };

  static bool matches(const std::vector<Alternatives>& line, std::size_t part, const Words& words,
                      std::size_t at) {
    if (part == line.size()) return true;
    if (line[part].front() == "..") {
      for (std::size_t skipped = 0; skipped <= errors::kGapMax; ++skipped) {
        if (matches(line, part + 1, words, at + skipped)) return true;
      }
      return false;
    }
    if (at >= words.size()) return false;
    for (const std::string_view word : line[part]) {
      if (word == words[at]) return matches(line, part + 1, words, at + 1);
    }
    return false;
  }

  std::vector<Line> lines_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_first_word_;
};

}  // namespace

std::string_view error_class(std::string_view message) {
  static const Table table;
  return table.first_match(errors::words_of_message(message));
}

}  // namespace vitals::text
