#include "document.h"

#include "line_reader.h"
#include "word_reader.h"

namespace vitals::text {
namespace {

/// A line shorter than this was not broken because it was full.
constexpr std::size_t kFullLine = 60;

bool goes_on(const Line& line, std::size_t number, const Line& next, std::size_t next_number,
             bool capital) {
  if (next_number != number + 1 || next.kind != LineKind::prose) return false;
  if (line.kind != LineKind::prose && line.kind != LineKind::item) return false;
  if (line.text.back() == ':' || !line.tag.empty() || !next.tag.empty()) return false;
  return !capital || line.text.size() >= kFullLine;
}

}  // namespace

Document::Document(std::string_view text) {
  ReadLines read = read_lines(text);
  lines_ = std::move(read.lines);
  unclosed_fence_ = read.unclosed_fence;
  lower_.reserve(text.size());
  for (std::size_t number = 0; number < lines_.size(); ++number) {
    Line& line = lines_[number];
    line.first_word = static_cast<std::uint32_t>(words_.size());
    if (line.kind != LineKind::blank && line.kind != LineKind::code) {
      read_tag(line, static_cast<std::uint32_t>(number));
      read_words(line, static_cast<std::uint32_t>(number), words_, lower_);
    }
    line.end_word = static_cast<std::uint32_t>(words_.size());
  }
  make_sentences();
  make_sections();
}

std::string_view Document::written(std::size_t first_word, std::size_t end_word) const {
  const std::string_view first = words_[first_word].written, last = words_[end_word - 1].written;
  return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

/// Its words label those of the line, as those before a colon do.
void Document::read_tag(const Line& line, std::uint32_t number) {
  const std::size_t first = words_.size();
  Line name;
  name.text = line.tag;
  read_words(name, number, words_, lower_);
  if (words_.size() > first) words_.back().after = ':';
}

void Document::make_sentences() {
  std::size_t first = 0;
  for (std::size_t word = 0; word < words_.size(); ++word) {
    const std::size_t line = words_[word].line;
    bool ends = words_[word].stop || word + 1 == words_.size();
    if (!ends && words_[word + 1].line != line) {
      const Word& next = words_[word + 1];
      ends = !goes_on(lines_[line], line, lines_[next.line], next.line, next.capital);
    }
    if (!ends) continue;
    sentences_.push_back({first, word + 1, words_[first].line});
    first = word + 1;
  }
}

void Document::make_sections() {
  Section section;
  const auto finish = [&](std::size_t end) {
    section.end_line = end;
    for (std::size_t i = section.first_line; i < end; ++i) {
      section.words += lines_[i].end_word - lines_[i].first_word;
    }
    if (section.heading || section.words > 0) sections_.push_back(section);
  };
  for (std::size_t number = 0; number < lines_.size(); ++number) {
    const Line& line = lines_[number];
    if (line.kind != LineKind::heading && line.kind != LineKind::label) continue;
    finish(number);
    section = {number, line.depth, number + 1, number + 1, 0};
  }
  finish(lines_.size());
}

}  // namespace vitals::text
