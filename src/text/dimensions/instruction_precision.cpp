#include <algorithm>
#include <cmath>

#include "dimension.h"
#include "limits.h"

// How exactly the text says what to do. Requirements are single, firm and verifiable
// (ISO/IEC/IEEE 29148:2018, §5.2.5–5.2.7; the loopholes and options of Femmer et al. 2017, §3;
// weak phrases of Wilson, Rosenberg, Hyatt, Automated Analysis of Requirement Specifications, ICSE
// 1997): imperatives and must, bounds that can be checked, one thing per sentence.

namespace vitals::text {
namespace {

constexpr std::size_t kLongSentence = 40;   // words; readers lose the thread far before
constexpr std::size_t kManyDirectives = 4;  // in one sentence

constexpr PhraseGroup kWeak[] = {
    {0, "try to", "say what to do, and what to do when it cannot be done"},
    {0,
     "feel free to, if you want, you might want to, you may want to, you could, you "
     "might",
     "say whether to do it"},
    {0, "if possible", "say what to do when it is not possible"},
    {0, "if you can", "say what to do when it cannot be done"},
    {0, "perhaps, maybe, possibly", "decide, or say on what it depends"},
    {0, "ideally, preferably", "say whether it must be so"},
    {0, "hopefully", "say what to do"},
    {0, "attempt to", "say what to do, and what to do when it fails"},
    {0, "do your best", "say what a good result is"},
};

constexpr PhraseGroup kFormats[] = {
    {0,
     "json, yaml, csv, xml, html, markdown, latex, "
     "regex, table, bullet, bullets, bulleted, bullet points, numbered, code block, "
     "paragraph, paragraphs, sentence, sentences, in the format, in the following "
     "format, format, heading, headings, section called, sections, columns, template, "
     "lowercase, uppercase"},
};

struct Tally {
  double sentences = 0, directives = 0, firm = 0, singular = 0, bounded = 0, weak = 0;
  const Statement* first_unbounded = nullptr;  ///< instruction
};

bool is_bounded(const Prompt& prompt, const Statement& statement) {
  static const Phrases formats(kFormats);
  if (sets_limit(prompt, statement)) return true;
  const std::vector<Word>& words = prompt.all_words();
  for (std::size_t word = statement.body_word; word < statement.end_word; ++word) {
    if (words[word].kind == WordKind::placeholder || words[word].quoted) return true;
    if (formats.match(words, word, statement.end_word)) return true;
  }
  return false;
}

void find_weak(const Prompt& prompt, const Statement& statement, Tally& tally, Findings& findings) {
  static const Phrases weak(kWeak);
  const std::vector<Word>& words = prompt.all_words();
  for (std::size_t word = statement.first_word; word < statement.end_word; ++word) {
    const bool own = !words[word].quoted && !is_name(statement, words, word);
    const Match match = own ? weak.match(words, word, statement.end_word) : Match{};
    if (!match) continue;
    tally.weak += 1;
    findings.add(words[word].line, prompt.document.written(word, word + match.words),
                 "it stays open whether this is to be done", std::string(match.group->advice));
  }
}

void find_length(const Prompt& prompt, const Statement& statement, Findings& findings) {
  const std::string_view text = prompt.document.written(statement.first_word, statement.end_word);
  if (statement.directives >= kManyDirectives) {
    findings.add(statement.line, text,
                 "one sentence with " + std::to_string(statement.directives) + " instructions",
                 "make it a list, one instruction an item");
  } else if (statement.words() > kLongSentence) {
    findings.add(statement.line, text,
                 "an instruction of " + std::to_string(statement.words()) + " words",
                 "split it: one sentence, one instruction");
  }
}

/// Where nothing is weak or long, only the lack of bounds makes it low: it weighs most.
void explain(const Prompt& prompt, const Tally& tally, Findings& findings) {
  const Statement& first = *tally.first_unbounded;
  findings.add(first.line, prompt.document.written(first.first_word, first.end_word),
               std::to_string(std::lround(tally.directives - tally.bounded)) + " of " +
                   std::to_string(std::lround(tally.directives)) +
                   " instructions have no limit and no form, this one first",
               "say how many, how long, or in which form: at most 80 words, a table, JSON");
}

}  // namespace

std::optional<double> instruction_precision(const Prompt& prompt, Findings& findings) {
  if (!prompt.english || prompt.own_words == 0) return std::nullopt;
  Tally tally;
  for (const Statement& statement : prompt.statements) {
    if (statement.heading || statement.material) continue;
    tally.sentences += 1;
    find_weak(prompt, statement, tally, findings);
    if (statement.directive == Directive::none) continue;
    tally.directives += 1;
    tally.firm += statement.directive == Directive::firm ? 1 : 0.5;
    const bool bounded = is_bounded(prompt, statement);
    tally.bounded += bounded ? 1 : 0;
    if (!bounded && tally.first_unbounded == nullptr) tally.first_unbounded = &statement;
    const bool singular =
        statement.words() <= kLongSentence && statement.directives < kManyDirectives;
    tally.singular += singular ? 1 : 0;
    if (!singular) find_length(prompt, statement, findings);
  }
  if (tally.directives == 0) {
    findings.add(0, "", "no sentence says what to do",
                 "start a sentence with the verb: write, list, classify, answer …");
    return 0;
  }
  const double direct = std::min(1.0, tally.firm / (0.6 * tally.sentences));
  const double firm = (tally.directives + 1) / (tally.directives + 1 + 2 * tally.weak);
  const double bounded = (tally.bounded + 0.5) / (tally.directives + 1);
  const double singular = (tally.singular + 0.5) / (tally.directives + 0.5);
  const double value = 10 * (0.25 * direct + 0.2 * firm + 0.4 * bounded + 0.15 * singular);
  if (value < kLow && findings.found.empty() && tally.first_unbounded != nullptr) {
    explain(prompt, tally, findings);
  }
  return value;
}

}  // namespace vitals::text
