#include "candidates.h"

#include <algorithm>

#include "words.h"

namespace vitals::text::topics {
namespace {

constexpr Phrase kWordMask = (Phrase{1} << kWordBits) - 1;

std::size_t size_of(Phrase phrase) {
  std::size_t words = 0;
  for (; phrase != 0; phrase >>= kWordBits) ++words;
  return words;
}

/// The part of so many words from one on.
Phrase part(Phrase phrase, std::size_t first, std::size_t words) {
  const Phrase from_first = phrase >> (first * kWordBits);
  return words == kWordsMax ? from_first : from_first & ((Phrase{1} << (words * kWordBits)) - 1);
}

bool share_word(Phrase a, Phrase b) {
  for (Phrase mine = a; mine != 0; mine >>= kWordBits) {
    for (Phrase theirs = b; theirs != 0; theirs >>= kWordBits) {
      if ((mine & kWordMask) == (theirs & kWordMask)) return true;
    }
  }
  return false;
}

std::size_t common(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::size_t count = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i < *j) {
      ++i;
    } else if (*j < *i) {
      ++j;
    } else {
      ++count, ++i, ++j;
    }
  }
  return count;
}

std::vector<Candidate> frequent(const std::vector<std::vector<Place>>& places,
                                std::uint32_t comments_min) {
  std::vector<std::pair<Phrase, std::uint32_t>> all;
  for (std::uint32_t comment = 0; comment < places.size(); ++comment) {
    for (const Place& place : places[comment]) all.emplace_back(place.phrase, comment);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<Candidate> found;
  for (auto begin = all.begin(); begin != all.end();) {
    const auto end =
        std::find_if(begin, all.end(), [&](const auto& one) { return one.first != begin->first; });
    if (end - begin >= static_cast<std::ptrdiff_t>(comments_min)) {
      Candidate& one = found.emplace_back();
      one.phrase = begin->first;
      for (; begin != end; ++begin) one.comments.push_back(begin->second);
    }
    begin = end;
  }
  return found;
}

void weigh(std::vector<Candidate>& all) {
  struct Longer {
    double comments = 0;
    double phrases = 0;
  };
  std::unordered_map<Phrase, Longer> longer;
  for (const Candidate& one : all) {
    const std::size_t size = size_of(one.phrase);
    for (std::size_t words = 1; words < size; ++words) {
      for (std::size_t first = 0; first + words <= size; ++first) {
        Longer& of_part = longer[part(one.phrase, first, words)];
        of_part.comments += static_cast<double>(one.comments.size());
        ++of_part.phrases;
      }
    }
  }
  for (Candidate& one : all) {
    double alone = static_cast<double>(one.comments.size());
    if (const auto in = longer.find(one.phrase); in != longer.end()) {
      alone -= in->second.comments / in->second.phrases;
    }
    one.worth = static_cast<double>(size_of(one.phrase)) * alone;
  }
}

}  // namespace

std::uint32_t Words::number(const Word& word) {
  if (word.kind != WordKind::word || word.function || !says_something(word.text)) return 0;
  if (numbers_.size() == kWordMask) return 0;
  const auto next = static_cast<std::uint32_t>(numbers_.size() + 1);
  return numbers_.emplace(singular(word.text), next).first->second;
}

std::vector<Place> phrases_of(const Document& document, Words& words) {
  std::vector<Place> places;
  const std::vector<Sentence>& sentences = document.sentences();
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t at = 0; at < sentences.size(); ++at) {
    const Sentence& sentence = sentences[at];
    numbers.clear();
    for (std::size_t i = sentence.first_word; i < sentence.end_word; ++i) {
      numbers.push_back(words.number(document.words()[i]));
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      Phrase phrase = 0;
      for (std::size_t size = 1; size <= kWordsMax && i + size <= numbers.size(); ++size) {
        const std::uint32_t number = numbers[i + size - 1];
        if (number == 0) break;
        phrase |= Phrase{number} << ((size - 1) * kWordBits);
        const std::size_t first = sentence.first_word + i;
        places.push_back(
            {phrase, at, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(size)});
        if (document.words()[first + size - 1].after != 0) break;
      }
    }
  }
  return places;
}

std::vector<Candidate> candidates(const std::vector<std::vector<Place>>& places,
                                  std::uint32_t comments_min) {
  std::vector<Candidate> all = frequent(places, std::max(comments_min, 1U));
  weigh(all);
  // Ties by more comments, then by what was met first.
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    if (a.worth != b.worth) return a.worth > b.worth;
    return a.comments.size() > b.comments.size();
  });
  if (all.size() > kCandidatesMax) all.resize(kCandidatesMax);
  std::vector<Candidate> best;
  for (Candidate& one : all) {
    const bool known = std::any_of(best.begin(), best.end(), [&one](const Candidate& better) {
      if (!share_word(one.phrase, better.phrase)) return false;
      if (size_of(one.phrase) > size_of(better.phrase)) return false;  // it says more
      return 3 * common(one.comments, better.comments) >= 2 * one.comments.size();
    });
    if (!known && one.worth > 0) best.push_back(std::move(one));
  }
  return best;
}

}  // namespace vitals::text::topics
