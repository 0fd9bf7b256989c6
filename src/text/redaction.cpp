#include <vitals/text/redaction.h>

#include "redaction/characters.h"
#include "redaction/pattern.h"

namespace vitals::text {
namespace {

struct Pattern {
  std::string_view mark;
  std::size_t (*match)(std::string_view text, std::size_t at);
};

/// The first that matches counts.
constexpr Pattern kPatterns[] = {
    {"[email]", redaction::match_email}, {"[key]", redaction::match_key},
    {"[ip]", redaction::match_ip},       {"[card]", redaction::match_card},
    {"[phone]", redaction::match_phone}, {"[address]", redaction::match_street},
};

}  // namespace

std::string redacted(std::string_view comment) {
  std::string result;
  result.reserve(comment.size());
  std::size_t at = 0;
  while (at < comment.size()) {
    const Pattern* found = nullptr;
    std::size_t bytes = 1;
    if (!redaction::is_word(redaction::before(comment, at))) {
      for (const Pattern& pattern : kPatterns) {
        const std::size_t matched = pattern.match(comment, at);
        if (matched == 0) continue;
        found = &pattern;
        bytes = matched;
        break;
      }
    }
    result.append(found != nullptr ? found->mark : comment.substr(at, 1));
    at += bytes;
  }
  return result;
}

}  // namespace vitals::text
