#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitals::text {

enum class LineKind : std::uint8_t {
  blank,
  heading,  ///< `# Title`, or a line that === or --- underlines
  label,    ///< a heading without Markdown: `Steps:`, `**Steps**`, `STEPS`, `<steps>`
  item,     ///< of a list
  table,    ///< a row: | a | b |
  code,     ///< inside a fence, the fence itself, or a line of JSON
  prose,
};

struct Line {
  std::string_view text;  ///< without the white space around it, and without the tags of `tag`
  std::string_view tag;   ///< prose: the name in `<name>text</name>`, which labels it
  LineKind kind = LineKind::blank;
  char marker = 0;  ///< item: its bullet, or what follows its number
  int depth = 0;    ///< heading: 1 to 6; label: one below the heading above it; item: from 0
  int ordinal = 0;  ///< item: the number it carries, 0 for a bullet
  std::uint32_t indent = 0;  ///< columns; a tab counts four
  std::uint32_t first_word = 0, end_word = 0;
};

enum class WordKind : std::uint8_t {
  word,
  number,       ///< starts with a digit: 3, 1,000, 50%, 10-word
  placeholder,  ///< {{name}}, {name}, ${name}, <name>, [name]
};

struct Word {
  std::string_view text;     ///< ASCII letters in lower case, apostrophes straight
  std::string_view written;  ///< as it stands in the text
  std::uint32_t line = 0;
  WordKind kind = WordKind::word;
  bool capital = false;   ///< as written it starts with one
  bool function = false;  ///< one of English's grammatical words: the, of, and, you …
  bool quoted = false;    ///< in quotation marks or backticks
  bool stop = false;      ///< a full stop, an exclamation or a question mark follows
  char after = 0;         ///< the first of .,;:!?() between this word and the next, 0 for none
};

struct Sentence {
  std::size_t first_word = 0, end_word = 0;
  std::size_t line = 0;
};

/// What stands below one heading or label, to the next one; before the first, a section without
/// one.
struct Section {
  std::optional<std::size_t> heading;  ///< its line
  int depth = 0;                       ///< 0 without a heading
  std::size_t first_line = 0, end_line = 0;
  std::size_t words = 0;  ///< below the heading
};

/// A text as its reader sees it: lines, words, sentences and sections, by the block structure of
/// Markdown (CommonMark 0.31) as far as prompts use it. Code has lines but no words. Takes any
/// bytes: what is no UTF-8 counts as letters. Scripts without spaces (Chinese, Japanese) have a
/// word per sign. Holds views into the text, which must outlive it and have less than 4 GiB. Time
/// and memory grow with the text.
class Document {
 public:
  explicit Document(std::string_view text);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const std::vector<Line>& lines() const { return lines_; }
  const std::vector<Word>& words() const { return words_; }
  const std::vector<Sentence>& sentences() const { return sentences_; }
  const std::vector<Section>& sections() const { return sections_; }
  /// The line of a fence that nothing closes.
  std::optional<std::size_t> unclosed_fence() const { return unclosed_fence_; }

  /// As written, from one word's first byte to another's last.
  std::string_view written(std::size_t first_word, std::size_t end_word) const;
  const Line& line_of(const Sentence& sentence) const { return lines_[sentence.line]; }

 private:
  void read_tag(const Line& line, std::uint32_t number);
  void make_sentences();
  void make_sections();

  std::string lower_;  ///< what the words view
  std::vector<Line> lines_;
  std::vector<Word> words_;
  std::vector<Sentence> sentences_;
  std::vector<Section> sections_;
  std::optional<std::size_t> unclosed_fence_;
};

}  // namespace vitals::text
