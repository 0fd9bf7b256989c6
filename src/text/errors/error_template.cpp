#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <vitals/base/hash.h>
#include <vitals/text/error_class.h>

#include "vocabulary.h"
#include "words.h"

namespace vitals::text {
namespace {

constexpr std::size_t kLineBytesMax = 1'024;
constexpr std::size_t kWordsMax = 16;
constexpr std::size_t kNameWordsMax = 4;
constexpr std::string_view kBlanks = " \t\r\n";

/// The line that says what happened.
std::string_view telling_line(std::string_view message) {
  const std::size_t end = message.find_last_not_of(kBlanks);
  if (end == std::string_view::npos) return {};
  message = message.substr(0, end + 1);
  if (message.find("Traceback (most recent call last)") != std::string_view::npos) {
    message.remove_prefix(message.find_last_of('\n') + 1);
  } else {
    message.remove_prefix(message.find_first_not_of(kBlanks));
  }
  message = message.substr(0, kLineBytesMax);
  return message.substr(0, message.find_first_of("\r\n"));
}

bool is_word_sign(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// One past the bracket that closes the first one. What is not closed was cut off: the end.
std::size_t end_of_bracket(std::string_view text, char close) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == text.front()) ++depth;
    if (text[at] == close && --depth == 0) return at + 1;
  }
  return text.size();
}

/// One past the quotation mark that closes the first one; 0 when none does. An apostrophe within a
/// word closes nothing.
std::size_t end_of_quotation(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    const bool inner = at + 1 < text.size() && is_word_sign(text[at + 1]);
    if (text[at] == text.front() && !inner) return at + 1;
  }
  return 0;
}

/// How much of the text, from its beginning, is quoted or in brackets.
std::size_t length_of_quoted(std::string_view text) {
  switch (text.front()) {
    case '{':
      return end_of_bracket(text, '}');
    case '[':
      return end_of_bracket(text, ']');
    case '<':
      return end_of_bracket(text, '>');
    case '"':
    case '\'':
    case '`':
      return end_of_quotation(text);
    default:
      return 0;
  }
}

/// Whether it is a number, an id, an address or a path, whatever words may be in it.
bool is_no_text(std::string_view piece) {
  if (piece.find_first_of("0123456789@/\\#$%&~") != std::string_view::npos) return true;
  const std::size_t dot = piece.find('.');
  return dot != std::string_view::npos && dot + 1 < piece.size() && is_word_sign(piece[dot + 1]);
}

/// The template that grows while a line is read.
class Masked {
 public:
  void mask() {
    if (words_.empty() || words_.back() != "*") words_.emplace_back("*");
  }
  void add_word(const std::string& word) {
    if (!errors::is_known_word(word)) return mask();
    words_.push_back(word);
    any_known_ = true;
  }
  void add_piece(std::string_view piece) {
    if (piece.ends_with("Error:") || piece.ends_with("Exception:")) {  // with a module before it
      piece.remove_prefix(piece.rfind('.') + 1);
    }
    if (is_no_text(piece)) {
      mask();
    } else {
      for (const std::string& word : errors::words_of(piece)) add_word(word);
    }
    if (piece.back() == ':' && !words_.empty() && words_.back().back() != ':') words_.back() += ':';
  }
  bool full() const { return words_.size() >= kWordsMax; }
  ErrorTemplate finish() &&;

 private:
  std::vector<std::string> words_;
  bool any_known_ = false;
};

ErrorTemplate Masked::finish() && {
  ErrorTemplate made;
  if (!any_known_) return made;
  if (full()) words_.resize(kWordsMax);
  made.type = "other:";
  std::size_t named = 0;
  for (const std::string& word : words_) {
    made.text.append(made.text.empty() ? "" : " ").append(word);
    const std::string_view bare = std::string_view(word).substr(0, word.find(':'));
    if (named == kNameWordsMax || !errors::is_telling_word(bare)) continue;
    made.type.append(bare).append("_");
    ++named;
  }
  made.type += fmt::format("{:06x}", hash64(made.text) & 0xff'ff'ffU);
  return made;
}

}  // namespace

ErrorTemplate error_template(std::string_view message) {
  Masked masked;
  std::string_view line = telling_line(message);
  while (!line.empty() && !masked.full()) {
    if (kBlanks.find(line.front()) != std::string_view::npos || line.front() == '(') {
      line.remove_prefix(1);
    } else if (const std::size_t quoted = length_of_quoted(line)) {
      masked.mask();
      line.remove_prefix(quoted);
    } else {
      const std::size_t end = std::min(line.size(), line.find_first_of(kBlanks));
      masked.add_piece(line.substr(0, end));
      line.remove_prefix(end);
    }
  }
  return std::move(masked).finish();
}

}  // namespace vitals::text
