#include <algorithm>
#include <cmath>

#include "dimension.h"

// How much of the text carries meaning: lexical density, the share of lexical among all words (Ure,
// Lexical density and register differentiation, 1971: speech mostly below 40 %, writing above;
// Halliday, Spoken and Written Language, 1985, ch. 5), where words of empty phrases count as empty
// (the wordy expressions of plain-language guides, as the U.S. Federal Plain Language Guidelines,
// 2011, §III.a).

namespace vitals::text {
namespace {

// Below the first none, above the second all: the span of running text in the two sources.
constexpr double kNone = 0.35, kAll = 0.7;

constexpr PhraseGroup kFiller[] = {
    {0, "in order to", "to"},
    {0, "due to the fact that", "because"},
    {0, "in the event that", "if"},
    {0, "for the purpose of, when it comes to", "for"},
    {0, "with regard to, with regards to, with respect to", "about"},
    {0, "in terms of", "by, in"},
    {0, "at this point in time", "now"},
    {0, "the fact that", "that"},
    {0, "a large number of", "many, or a number"},
    {0, "the majority of", "most"},
    {0, "is able to, are able to, be able to, has the ability to", "can"},
    {0,
     "it is important to note that, it should be noted that, please note that, note "
     "that, keep in mind that, basically, really, thank you, thanks in "
     "advance, as you can see, needless to say, at the end of the day",
     "leave it out"},
    {0,
     "it is important to, please make sure to, please make sure that, make sure to, "
     "make sure that you, make sure you, be sure to, i would like you to, i'd like you "
     "to, i want you to, i need you to, your task is to, your job is to",
     "leave it out and give the instruction"},
    {0, "you will be responsible for", "give the instruction"},
    {0, "as well as", "and"},
    {0, "each and every", "each"},
    {0, "first and foremost", "first"},
    {0, "any and all", "all"},
    {0, "very", "leave it out, or use a stronger word"},
    {0, "in a way that, in such a way that", "so that"},
    {0, "that being said", "but"},
};

/// The sentence that lacks most words of meaning, which lowers a low density most.
struct Thinnest {
  const Statement* statement = nullptr;
  double lexical = 0, lack = 0;

  void offer(const Statement& other, double other_lexical) {
    const double other_lack =
        (kNone + kAll) / 2 * static_cast<double>(other.words()) - other_lexical;
    if (other_lack > lack) *this = {&other, other_lexical, other_lack};
  }
};

}  // namespace

std::optional<double> information_density(const Prompt& prompt, Findings& findings) {
  static const Phrases fillers(kFiller);
  if (!prompt.english || prompt.own_words == 0) return std::nullopt;
  const std::vector<Word>& words = prompt.all_words();
  double lexical = 0;
  Thinnest thinnest;
  for (const Statement& statement : prompt.statements) {
    if (statement.heading || statement.material) continue;
    const double before = lexical;
    for (std::size_t word = statement.first_word; word < statement.end_word;) {
      const Match match =
          words[word].quoted ? Match{} : fillers.match(words, word, statement.end_word);
      if (match) {
        findings.add(words[word].line, prompt.document.written(word, word + match.words),
                     "takes words and says little", std::string(match.group->advice));
        word += match.words;
        continue;
      }
      lexical += words[word].function ? 0 : 1;
      ++word;
    }
    thinnest.offer(statement, lexical - before);
  }
  // Ten words of middling density are thought in, so that a few words decide little.
  constexpr double kPriorWords = 10;
  const double density = (lexical + kPriorWords * (kNone + kAll) / 2) /
                         (static_cast<double>(prompt.own_words) + kPriorWords);
  const double value = 10 * std::clamp((density - kNone) / (kAll - kNone), 0.0, 1.0);
  if (value < kLow && findings.found.empty() && thinnest.statement != nullptr) {
    const Statement& statement = *thinnest.statement;
    findings.add(statement.line, prompt.document.written(statement.first_word, statement.end_word),
                 std::to_string(statement.words() -
                                static_cast<std::size_t>(std::lround(thinnest.lexical))) +
                     " of " + std::to_string(statement.words()) +
                     " words only join others, as of, that, is, you: the most of all sentences",
                 "say it with fewer of them: verbs and nouns that name the thing");
  }
  return value;
}

}  // namespace vitals::text
