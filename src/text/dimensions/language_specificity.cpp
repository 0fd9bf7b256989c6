#include "dimension.h"

// How definite the words are. Vague terms are the language smells of requirements (Femmer, Méndez
// Fernández, Wagner, Eder, Rapid quality assurance with requirements smells, J. Systems and
// Software 123, 2017, §3: subjective language, ambiguous adverbs and adjectives, loopholes,
// open-ended terms) and the quantifiers and incomplete enumerations of Berry, Kamsties, Krieger,
// From Contract Drafting to Software Specification (2003), §3–4. Against them stand numbers, names,
// quotations and placeholders: what can be held to the letter.

namespace vitals::text {
namespace {

enum Smell { subjective, quantity, open_ended, loophole, relative, either };

struct SmellKind {
  double weight;
  std::string_view why, suggestion;
};
constexpr SmellKind kSmells[] = {
    {0.5, "readers differ about what this means", "say by what it is judged"},
    {0.5, "no number can be read from it", "give a number or a range"},
    {1.0, "leaves open what else belongs to it", "name all that is meant, or say where to stop"},
    {1.0, "leaves the decision to the model", "say when, or how much"},
    {0.5, "a comparison needs something to compare with",
     "say better than what, or by which measure"},
    {0.5, "may mean the one, the other or both", "say which"},
};

constexpr PhraseGroup kVague[] = {
    {subjective,
     "good, nice, great, bad, interesting, insightful, engaging, compelling, "
     "effective, effectively, efficient, high-quality, high quality, professional "
     "manner, user-friendly, easy, simple, appropriate, appropriately, suitable, "
     "proper, properly, adequate, reasonable, reasonably, sufficient, "
     "meaningful, relevant, important, clear and concise, concise, well-written, well "
     "written, accordingly, detailed, comprehensive, robust, beautiful, amazing"},
    {quantity,
     "some, several, many, a few, few, various, numerous, a lot of, lots of, a number "
     "of, a couple of, a variety of, a bit, a little, short, long, brief, briefly, "
     "quickly, fairly, quite, rather long, often, sometimes, usually, generally, "
     "typically, occasionally, mostly, significant, significantly, soon"},
    {open_ended,
     "etc, and so on, and so forth, and more, among others, or similar, or something, "
     "something like, and the like, stuff, things, whatever, including but not limited "
     "to, but not limited to"},
    {loophole,
     "somehow, kind of, sort of, as needed, if needed, when needed, where needed, as "
     "necessary, if necessary, when necessary, where necessary, as appropriate, if "
     "appropriate, when appropriate, where appropriate, if applicable, as applicable, "
     "as possible, where possible, when possible, to some extent, more or "
     "less, as you see fit"},
    {relative,
     "better, best, best possible, optimal, optimally, faster, easier, simpler, "
     "improved"},
    {either, "and or"},
};

// Where the words around take the vagueness away, or mean something else.
enum Definite { meant_otherwise, exemplifies };
constexpr PhraseGroup kDefinite[] = {
    {exemplifies, "such as, e.g, for example, for instance, example, examples"},
    {meant_otherwise,
     "engaging in, engaging with, fall short, falls short, "
     "it is important to, kind of thing, what kind of, which kind of, this kind of, "
     "that kind of, any kind of, what sort of, this sort of, how many, as many, too "
     "many, so many, how long, "
     "as long as, no longer, long-term, at best, best practice, best practices, not "
     "good, good at, in short, short story, short stories, long list, more important, "
     "most important, a kind of, the kind of, one kind of, some kind of, a sort of, "
     "some sort of, of some kind, all things, other things, or better, words long, "
     "lines long, characters long, sentences long, pages long, things to, things that, "
     "kind of person, as interesting as"},
};

bool is_number_word(std::string_view word) {
  constexpr std::string_view kNumbers[] = {"one",   "two",   "three", "four", "five",   "six",
                                           "seven", "eight", "nine",  "ten",  "twelve", "twenty",
                                           "zero",  "once",  "twice", "half", "single"};
  for (const std::string_view number : kNumbers) {
    if (word == number) return true;
  }
  return false;
}

/// What the words from `word` on name definitely: 1 for a number, a placeholder, a quotation, a
/// file or field name; a half for a proper name. A run of names or quoted words counts once.
double definite(const Prompt& prompt, const Statement& statement, std::size_t word) {
  const std::vector<Word>& words = prompt.all_words();
  const Word& here = words[word];
  const bool first = word == statement.first_word || word == statement.body_word;
  if (here.quoted) return first || !words[word - 1].quoted ? 1 : 0;
  if (here.kind != WordKind::word) return 1;
  if (here.text.find_first_of("._") != std::string_view::npos && here.text.size() > 3) return 1;
  if (is_number_word(here.text)) return 0.5;
  if (!here.capital || first || here.function || here.text == "i") return 0;
  return words[word - 1].capital && word - 1 > statement.first_word ? 0 : 0.5;
}

/// Quoted words are not the writer's own; those before a colon are names. A quantity is left open
/// only where something is to be done: descriptions may say "many". Examples need not be complete.
Match vague_at(const Statement& statement, const std::vector<Word>& words, std::size_t word,
               bool in_examples) {
  static const Phrases vague(kVague);
  const Word& here = words[word];
  if (here.quoted || here.after == ':' || is_name(statement, words, word)) return {};
  const Match match = vague.match(words, word, statement.end_word);
  if (!match) return {};
  const bool of_tasks = match.group->kind == quantity || match.group->kind == either;
  if (of_tasks && statement.directive == Directive::none) return {};
  return in_examples && match.group->kind == open_ended ? Match{} : match;
}

}  // namespace

std::optional<double> language_specificity(const Prompt& prompt, Findings& findings) {
  static const Phrases definite_phrases(kDefinite);
  if (!prompt.english || prompt.own_words == 0) return std::nullopt;
  const std::vector<Word>& words = prompt.all_words();
  double for_it = 0, against_it = 0;
  for (const Statement& statement : prompt.statements) {
    if (statement.heading || statement.material) continue;
    bool in_examples = false;
    for (std::size_t word = statement.first_word; word < statement.end_word;) {
      for_it += definite(prompt, statement, word);
      if (const Match match = definite_phrases.match(words, word, statement.end_word)) {
        in_examples = in_examples || match.group->kind == exemplifies;
        word += match.words;
        continue;
      }
      const Match match = vague_at(statement, words, word, in_examples);
      if (match) {
        const SmellKind& smell = kSmells[match.group->kind];
        against_it += smell.weight;
        findings.add(words[word].line, prompt.document.written(word, word + match.words),
                     std::string(smell.why), std::string(smell.suggestion));
      }
      word += match ? match.words : 1;
    }
  }
  const double prior = 2 + static_cast<double>(prompt.own_words) / 50;
  return 10 * (for_it + prior / 2) / (for_it + 2 * against_it + prior);
}

}  // namespace vitals::text
