#include "words.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace vitals::text::errors {
namespace {

/// Who wraps a fault says so at the beginning, a stack of calls ends with the fault.
constexpr std::size_t kBeginningBytes = 2'048;
constexpr std::size_t kEndBytes = 1'024;

enum class Kind : std::uint8_t { lower, upper, digit, sign };

Kind kind_of(char c) {
  if (c >= 'a' && c <= 'z') return Kind::lower;
  if (c >= 'A' && c <= 'Z') return Kind::upper;
  if (c >= '0' && c <= '9') return Kind::digit;
  return static_cast<unsigned char>(c) >= 0x80 ? Kind::lower : Kind::sign;
}

/// Whether a word ends before text[at], of which it has characters already.
bool ends_before(std::string_view text, std::size_t at) {
  const Kind before = kind_of(text[at - 1]);
  const Kind here = kind_of(text[at]);
  const Kind after = at + 1 < text.size() ? kind_of(text[at + 1]) : Kind::sign;
  if ((here == Kind::digit) != (before == Kind::digit)) return true;
  if (here != Kind::upper) return false;
  return before == Kind::lower || (before == Kind::upper && after == Kind::lower);  // JSON|Decode
}

bool is_letter(Kind kind) { return kind == Kind::lower || kind == Kind::upper; }

/// Whether text[at] is an apostrophe with letters around it.
bool is_inner_apostrophe(std::string_view text, std::size_t at) {
  return text[at] == '\'' && at > 0 && at + 1 < text.size() && is_letter(kind_of(text[at - 1])) &&
         is_letter(kind_of(text[at + 1]));
}

char lower(char c) { return kind_of(c) == Kind::upper ? static_cast<char>(c - 'A' + 'a') : c; }

/// With apostrophes for the typographic ones, and blanks for links.
std::string plain(std::string_view text) {
  constexpr std::string_view kApostrophe = "\xE2\x80\x99";
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, kApostrophe.size()) == kApostrophe) {
      made += '\'';
      at += kApostrophe.size() - 1;
    } else if (text.substr(at, 3) == "://") {
      while (!made.empty() && is_letter(kind_of(made.back()))) made.pop_back();  // https
      at = std::min(text.size(), text.find_first_of(" \t\r\n\"'`)>]}", at)) - 1;
    } else {
      made += text[at];
    }
  }
  return made;
}

bool is_status(std::string_view word) {
  return word.size() == 3 && (word[0] == '4' || word[0] == '5') && kind_of(word[1]) == Kind::digit;
}

/// Whether a message begins with the status of an answer rather than with a number of things.
bool begins_with_status(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" [(");
  const std::size_t after = text.find_first_not_of("0123456789", begin);
  const std::size_t next = text.find_first_not_of(' ', after);
  return next == std::string_view::npos || kind_of(text[next]) != Kind::lower;
}

/// Whether the word at that place is followed by the status of an answer.
bool leads_to_status(const std::vector<std::string>& words, std::size_t at) {
  constexpr std::array<std::string_view, 11> kLeads{
      "http",     "https",    "status",     "code", "error",    "returned",
      "response", "received", "statuscode", "got",  "exception"};
  const std::string& word = words[at];
  if (std::find(kLeads.begin(), kLeads.end(), word) != kLeads.end()) return true;
  const bool version = word == "1" || word == "0" || word == "2" || word == "3";  // HTTP/1.1 429
  return version && at > 0 && (words[at - 1] == "http" || (at > 1 && words[at - 2] == "http"));
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool within = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_inner_apostrophe(text, at) && within) {
      words.back() += text[at];
      words.back() += lower(text[++at]);
      continue;
    }
    const bool is_sign = kind_of(text[at]) == Kind::sign;
    if (!is_sign && (!within || ends_before(text, at))) words.emplace_back();
    if (!is_sign) words.back() += lower(text[at]);
    within = !is_sign;
  }
  return words;
}

std::vector<std::string> words_of_message(std::string_view message) {
  std::string read(message.substr(0, kBeginningBytes));
  if (message.size() > kBeginningBytes) {
    const std::size_t end = std::max(kBeginningBytes, message.size() - kEndBytes);
    if (end > kBeginningBytes) read += ' ';
    read += message.substr(end);
  }
  std::vector<std::string> words = words_of(plain(read));
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!is_status(words[at])) continue;
    const bool of_answer = at == 0 ? begins_with_status(read) : leads_to_status(words, at - 1);
    if (of_answer) words[at].insert(0, "http:");
  }
  return words;
}

}  // namespace vitals::text::errors
