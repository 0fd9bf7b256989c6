#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "dimension.h"

// How much of the text has been said before: words in a sentence that resembles an earlier one, or
// in a run of words that occurred before. Resemblance is Jaccard's coefficient of the sets of
// shingles (Broder, On the resemblance and containment of documents, 1997, §2), here pairs of
// words.

namespace vitals::text {
namespace {

constexpr std::size_t kRun = 5;                 // words that make a repeated run
constexpr std::size_t kSentenceWords = 5;       // shorter sentences resemble each other by chance
constexpr std::size_t kSentenceWordsMax = 200;  // longer ones have their runs compared only
constexpr double kResembles = 0.6;
constexpr double kMuch = 0.2;  // of a text; more is a finding, if no sentence is

using Shingle = std::uint64_t;

std::uint64_t hash(std::string_view text, std::uint64_t seed) {  // FNV-1a
  for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return (seed ^ 0xff) * 0x100000001b3;
}

Shingle shingle(const std::vector<Word>& words, std::size_t first, std::size_t count) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (std::size_t i = 0; i < count; ++i) value = hash(words[first + i].text, value);
  return value;
}

/// Of one sentence, sorted and each once.
std::vector<Shingle> pairs_of(const std::vector<Word>& words, const Statement& statement) {
  std::vector<Shingle> pairs;
  for (std::size_t word = statement.first_word; word + 1 < statement.end_word; ++word) {
    pairs.push_back(shingle(words, word, 2));
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

double resemblance(const std::vector<Shingle>& a, const std::vector<Shingle>& b) {
  std::size_t both = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) ++both;
    const bool next_x = *x <= *y, next_y = *y <= *x;
    x += next_x ? 1 : 0;
    y += next_y ? 1 : 0;
  }
  return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

class Repetition {
 public:
  Repetition(const Prompt& prompt, Findings& findings)
      : prompt_(prompt),
        words_(prompt.all_words()),
        findings_(findings),
        repeated_(words_.size(), false) {
    runs_.reserve(words_.size());
    last_with_.reserve(words_.size());
  }

  double share() {
    std::size_t counted = 0, repeated = 0;
    for (std::size_t i = 0; i < prompt_.statements.size(); ++i) {
      const Statement& statement = prompt_.statements[i];
      if (statement.heading || statement.material || is_template(statement)) continue;
      counted += statement.words();
      mark_runs(statement);
      mark_resemblance(i);
      repeated += static_cast<std::size_t>(
          std::count(repeated_.begin() + static_cast<std::ptrdiff_t>(statement.first_word),
                     repeated_.begin() + static_cast<std::ptrdiff_t>(statement.end_word), true));
    }
    const double share =
        counted == 0 ? 0 : static_cast<double>(repeated) / static_cast<double>(counted);
    if (share > kMuch && findings_.found.empty() && first_run_) explain(share);
    return share;
  }

 private:
  /// Has places to fill in: the slots of an output's template look alike by nature.
  bool is_template(const Statement& statement) const {
    for (std::size_t word = statement.first_word; word < statement.end_word; ++word) {
      if (words_[word].kind == WordKind::placeholder) return true;
    }
    return false;
  }

  void mark(std::size_t first, std::size_t count) {
    std::fill_n(repeated_.begin() + static_cast<std::ptrdiff_t>(first), count, true);
  }

  void mark_runs(const Statement& statement) {
    for (std::size_t word = statement.first_word; word + kRun <= statement.end_word; ++word) {
      const auto [at, is_new] = runs_.emplace(shingle(words_, word, kRun), word);
      if (is_new) continue;
      mark(word, kRun);
      if (!first_run_) first_run_ = {word, at->second};
    }
  }

  void explain(double share) {
    const auto [word, before] = *first_run_;
    findings_.add(words_[word].line, prompt_.document.written(word, word + kRun),
                  "stood on line " + std::to_string(words_[before].line + 1) + " before; in all " +
                      std::to_string(std::lround(100 * share)) +
                      " % of the words have been said before",
                  "say it once, for all that it is about");
  }

  /// Compares the sentence with that earlier one with which it shares most pairs, as far as their
  /// last occurrences tell: each pair is looked up once, so a long text takes no longer per word.
  void mark_resemblance(std::size_t number) {
    const Statement& statement = prompt_.statements[number];
    if (statement.words() < kSentenceWords || statement.words() > kSentenceWordsMax) return;
    std::vector<Shingle> pairs = pairs_of(words_, statement);
    std::unordered_map<std::size_t, std::size_t> shared;
    for (const Shingle pair : pairs) {
      const auto [at, is_new] = last_with_.emplace(pair, number);
      if (is_new) continue;
      ++shared[at->second];
      at->second = number;
    }
    std::size_t best = number, most = 0;
    for (const auto& [candidate, count] : shared) {
      if (count > most || (count == most && candidate < best)) {
        best = candidate;
        most = count;
      }
    }
    if (most > 0 && resemblance(pairs, pairs_of(words_, prompt_.statements[best])) >= kResembles) {
      mark(statement.first_word, statement.words());
      findings_.add(
          statement.line, prompt_.document.written(statement.first_word, statement.end_word),
          "says nearly the same as line " + std::to_string(prompt_.statements[best].line + 1),
          "keep one of them, or say only the difference");
    }
  }

  const Prompt& prompt_;
  const std::vector<Word>& words_;
  Findings& findings_;
  std::vector<bool> repeated_;
  std::unordered_map<Shingle, std::size_t> runs_;
  std::optional<std::pair<std::size_t, std::size_t>>
      first_run_;                                       // that is repeated, and where from
  std::unordered_map<Shingle, std::size_t> last_with_;  // the last sentence with a pair
};

}  // namespace

std::optional<double> redundancy(const Prompt& prompt, Findings& findings) {
  if (prompt.own_words == 0) return std::nullopt;
  return Repetition(prompt, findings).share();
}

}  // namespace vitals::text
