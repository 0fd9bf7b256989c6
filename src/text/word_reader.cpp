#include "word_reader.h"

#include <algorithm>

#include "phrases.h"

namespace vitals::text {
namespace {

enum class Class { letter, apostrophe, ideograph, stop, quote, separator };

struct Sign {
  Class is = Class::separator;
  std::size_t bytes = 1;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alnum(char c) { return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z'); }

/// Signs of three bytes, by the blocks of Unicode that texts are written in.
Class class_of_three(unsigned char first, unsigned char second, unsigned char third) {
  if (first == 0xE2) {  // punctuation, arrows, symbols
    if (second == 0x80 && (third == 0x98 || third == 0x99)) return Class::apostrophe;
    if (second == 0x80 && (third == 0x9C || third == 0x9D)) return Class::quote;
    return Class::separator;
  }
  if (first == 0xE3 && second == 0x80) return third == 0x82 ? Class::stop : Class::separator;
  if (first >= 0xE3 && first <= 0xE9) return Class::ideograph;  // kana and Chinese signs
  if (first == 0xEF) {                                          // full-width forms
    const bool ends = second == 0xBC && (third == 0x81 || third == 0x9F);
    return ends ? Class::stop : Class::separator;
  }
  return Class::letter;
}

Sign sign_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(at);
  if (first < 0x80) {
    const char c = text[at];
    if (is_alnum(c) || c == '_') return {Class::letter, 1};
    if (c == '\'') return {Class::apostrophe, 1};
    if (c == '.' || c == '!' || c == '?') return {Class::stop, 1};
    return {c == '"' || c == '`' ? Class::quote : Class::separator, 1};
  }
  if (first >= 0xC2 && first < 0xE0 && continues(at + 1)) {
    return {first == 0xC2 ? Class::separator : Class::letter, 2};
  }
  if (first >= 0xE0 && first < 0xF0 && continues(at + 1) && continues(at + 2)) {
    return {
        class_of_three(static_cast<unsigned char>(first), static_cast<unsigned char>(byte(at + 1)),
                       static_cast<unsigned char>(byte(at + 2))),
        3};
  }
  if (first >= 0xF0 && continues(at + 1) && continues(at + 2) && continues(at + 3)) {
    return {Class::separator, 4};  // emoji and rare scripts
  }
  return {Class::letter, 1};  // no UTF-8
}

/// How long the placeholder is that starts here; 0 when none does.
std::size_t placeholder_at(std::string_view text) {
  constexpr std::size_t kLongest = 120;
  const auto closed_by = [&](std::size_t open, std::string_view close, std::string_view never) {
    const std::size_t end = text.substr(0, kLongest).find(close, open);
    if (end == std::string_view::npos || end == open) return std::size_t{0};
    const std::string_view name = text.substr(open, end - open);
    if (name.find_first_of(never) != std::string_view::npos) return std::size_t{0};
    return is_alnum(name[name.find_first_not_of(" _") == 1 ? 1 : 0]) ? end + close.size() : 0;
  };
  if (text.substr(0, 2) == "{{") return closed_by(2, "}}", "");
  if (text.substr(0, 2) == "${") return closed_by(2, "}", "");
  if (text[0] == '$') return closed_by(1, "$", " ,.0123456789") > 0 ? closed_by(1, "$", "") : 0;
  if (text[0] == '{') return closed_by(1, "}", "{\":;");
  if (text[0] == '<') {
    const std::size_t length = closed_by(1, ">", "<=\"/.,;:!?");
    return length > 4 ? length : 0;  // no <b>
  }
  if (text[0] == '[') {
    const std::size_t length = closed_by(1, "]", "[\"");
    const bool link = length < text.size() && text[length] == '(';
    return length > 4 && !link ? length : 0;
  }
  return 0;
}

class WordReader {
 public:
  WordReader(const Line& line, std::uint32_t number, std::vector<Word>& words, std::string& lower)
      : line_(line),
        text_(line.text),
        number_(number),
        words_(words),
        lower_(lower),
        first_(words.size()) {}

  void read() {
    if (line_.kind == LineKind::item && line_.ordinal > 0) at_ = text_.find(line_.marker);
    while (at_ < text_.size()) {
      const Sign sign = sign_at(text_, at_);
      if (sign.is == Class::letter) {
        add(end_of_word(at_), WordKind::word);
      } else if (sign.is == Class::ideograph) {
        add(at_ + sign.bytes, WordKind::word);
      } else if (const std::size_t length = placeholder(); length > 0) {
        add(at_ + length, WordKind::placeholder);
      } else {
        pass(sign);
      }
    }
  }

 private:
  std::size_t placeholder() const {
    return line_.kind == LineKind::label ? 0 : placeholder_at(text_.substr(at_));
  }

  /// Signs that may stand inside a word stay in it: don't, step-by-step, 3.5, 1,000, file.txt
  std::size_t end_of_word(std::size_t at) const {
    std::size_t end = at;
    while (end < text_.size()) {
      const Sign sign = sign_at(text_, end);
      if (sign.is == Class::letter) {
        end += sign.bytes;
        continue;
      }
      const std::size_t next = end + sign.bytes;
      const bool letter_next = next < text_.size() && sign_at(text_, next).is == Class::letter;
      const char c = text_[end];
      const bool joins =
          sign.is == Class::apostrophe || c == '-' || c == '.' ||
          (c == ',' && is_digit(text_[end - 1]) && next < text_.size() && is_digit(text_[next]));
      if (!joins || !letter_next) break;
      end = next;
    }
    return end;
  }

  void add(std::size_t end, WordKind kind) {
    Word word;
    word.written = text_.substr(at_, end - at_);
    word.line = number_;
    word.kind = kind == WordKind::word && is_digit(word.written[0]) ? WordKind::number : kind;
    word.capital = is_upper(word.written[0]);
    word.quoted = quoted_;
    const std::size_t start = lower_.size();
    for (std::size_t i = 0; i < word.written.size(); ++i) {
      const char c = word.written[i];
      if (word.written.substr(i, 3) == "\xE2\x80\x99") {
        lower_.push_back('\'');
        i += 2;
      } else {
        lower_.push_back(is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c);
      }
    }
    word.text = std::string_view(lower_).substr(start);
    word.function = kind == WordKind::word && is_function_word(word.text);
    words_.push_back(word);
    at_ = end;
  }

  void pass(const Sign& sign) {
    const char c = text_[at_];
    at_ += sign.bytes;
    if (sign.is == Class::quote) quoted_ = !quoted_;
    if (words_.size() == first_) return;  // nothing on this line to follow
    Word& before = words_.back();
    const bool ends = sign.is == Class::stop;
    const bool mark = std::string_view(".,;:!?()").find(c) != std::string_view::npos;
    if (before.after == 0 && (mark || ends)) before.after = mark ? c : '.';
    if (ends && !abbreviates(before)) before.stop = true;
  }

  /// A dot after these does not end the sentence, unless a capital follows; after e.g. and i.e. it
  /// never does.
  bool abbreviates(const Word& word) const {
    if (text_[at_ - 1] != '.') return false;
    if (word.text == "e.g" || word.text == "i.e") return true;
    static constexpr std::string_view kShort[] = {"etc", "vs",  "approx", "mr",   "mrs", "dr",
                                                  "fig", "max", "min",    "incl", "no"};
    if (std::find(std::begin(kShort), std::end(kShort), word.text) == std::end(kShort))
      return false;
    const std::size_t next = text_.find_first_not_of(" )\"", at_);
    if (word.text == "mr" || word.text == "mrs" || word.text == "dr") return true;
    return next != std::string_view::npos && !is_upper(text_[next]);
  }

  const Line& line_;
  std::string_view text_;
  std::uint32_t number_;
  std::vector<Word>& words_;
  std::string& lower_;
  std::size_t first_;
  std::size_t at_ = 0;
  bool quoted_ = false;
};

}  // namespace

void read_words(const Line& line, std::uint32_t number, std::vector<Word>& words,
                std::string& lower) {
  WordReader(line, number, words, lower).read();
}

}  // namespace vitals::text
