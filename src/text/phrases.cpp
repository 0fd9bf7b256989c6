#include "phrases.h"

#include <algorithm>

namespace vitals::text {
namespace {

std::string_view first_word(std::string_view words) { return words.substr(0, words.find(' ')); }

/// How many words the phrase takes if it stands at this word, else 0.
std::size_t length_at(std::string_view phrase, const std::vector<Word>& words, std::size_t word,
                      std::size_t end_word) {
  for (std::size_t taken = 0;; ++taken) {
    const std::string_view next = first_word(phrase);
    if (word + taken == end_word || words[word + taken].text != next) return 0;
    if (next.size() == phrase.size()) return taken + 1;
    if (words[word + taken].after != 0) return 0;  // no phrase goes over a comma
    phrase.remove_prefix(next.size() + 1);
  }
}

}  // namespace

std::vector<std::string_view> listed(std::string_view list) {
  constexpr std::string_view kBetween = ", ";
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = list.find(kBetween);
    parts.push_back(list.substr(0, end));
    if (end == std::string_view::npos) return parts;
    list.remove_prefix(end + kBetween.size());
  }
}

std::unordered_set<std::string_view> set_of(std::span<const std::string_view> lists) {
  std::unordered_set<std::string_view> all;
  for (const std::string_view list : lists) {
    for (const std::string_view part : listed(list)) all.insert(part);
  }
  return all;
}

Phrases::Phrases(std::span<const PhraseGroup> groups) {
  for (const PhraseGroup& group : groups) {
    for (const std::string_view words : listed(group.phrases)) {
      by_first_word_[first_word(words)].push_back({words, &group});
    }
  }
  for (auto& [word, phrases] : by_first_word_) {
    std::stable_sort(phrases.begin(), phrases.end(), [](const Phrase& a, const Phrase& b) {
      return a.words.size() > b.words.size();
    });
  }
}

Match Phrases::match(const std::vector<Word>& words, std::size_t word, std::size_t end_word) const {
  const auto found = by_first_word_.find(words[word].text);
  if (found == by_first_word_.end()) return {};
  for (const Phrase& phrase : found->second) {
    if (const std::size_t taken = length_at(phrase.words, words, word, end_word)) {
      return {phrase.group, taken};
    }
  }
  return {};
}

}  // namespace vitals::text
