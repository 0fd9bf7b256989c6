#include "prompt.h"

#include <algorithm>

namespace vitals::text {
namespace {

/// Prompts in English have 20 % of such words at least and mostly 30 to 45 %, samples of other
/// languages 6 % at most.
constexpr double kEnglishShare = 0.15;

constexpr std::size_t kLabelWords = 5;  // before a colon; more are a clause

constexpr PhraseGroup kTitles[] = {
    {Part::role, "role, identity, persona, who you are, profile, character"},
    {Part::purpose, "purpose, goal, goals, objective, objectives, mission, aim"},
    {Part::background,
     "background, context, definitions, glossary, terminology, knowledge, overview, "
     "introduction, about, input format"},
    {Part::audience, "audience, reader, readers, user, users"},
    {Part::task,
     "task, tasks, steps, instructions, instruction, workflow, process, procedure, "
     "method, approach, what to do, actions"},
    {Part::constraint,
     "constraints, constraint, rules, rule, limits, limitations, requirements, "
     "guidelines, restrictions, restriction, guardrails, criteria, policy, notes, "
     "tone, style, length, limit"},
    {Part::output,
     "output, outputs, format, response, answer, deliverables, template, schema, "
     "output instructions, output format, output sections, output rules"},
    {Part::example,
     "example, examples, sample, samples, demonstration, output example, example "
     "output"},
    {Part::input,
     "input, inputs, data, question, query, document, transcript, essay, article, "
     "source text"},
};

/// Words of English that are frequent ones of German, French, Spanish, Italian, Dutch … too.
constexpr std::string_view kNotOnlyEnglish =
    "a, all, also, am, an, as, do, he, her, i, in, is, me, no, note, of, on, or, over, per, so, "
    "us, was, will";

bool is_plainly_english(const Word& word) {
  static const std::vector<std::string_view> not_only = listed(kNotOnlyEnglish);
  if (!word.function && !is_imperative_verb(word.text)) return false;
  return std::find(not_only.begin(), not_only.end(), word.text) == not_only.end();
}

/// Whether enough of the words are English's grammatical ones or verbs of instructions.
bool is_english(const std::vector<Word>& words) {
  double plain = 0, english = 0;
  for (const Word& word : words) {
    plain += word.kind == WordKind::word ? 1 : 0;
    english += is_plainly_english(word) ? 1 : 0;
  }
  return english > 0 && english >= kEnglishShare * plain;
}

const Phrases& titles() {
  static const Phrases titles(kTitles);
  return titles;
}

/// Where the words end that a colon or tag at the beginning of the sentence sets apart; its first
/// word where none does.
std::size_t label_end(const std::vector<Word>& words, const Statement& statement) {
  const std::size_t last = std::min(statement.end_word, statement.first_word + kLabelWords + 1);
  for (std::size_t word = statement.first_word; word + 1 < last; ++word) {
    if (words[word].after == 0) continue;
    const char* const end = words[word].written.data() + words[word].written.size();
    const std::string_view gap(end, static_cast<std::size_t>(words[word + 1].written.data() - end));
    const bool apart = gap.find_first_of(" \t\n>") != std::string_view::npos;  // no 12:30
    return words[word].after == ':' && apart ? word + 1 : statement.first_word;
  }
  return statement.first_word;
}

/// Reads `Task: …`. What asks for something itself (`Use these words: …`) is no label, unless it
/// is a title (`Output format: …`). An example or an input is no instruction, whatever it says.
void read_label(const std::vector<Word>& words, Statement& statement) {
  const std::size_t end = label_end(words, statement);
  if (end == statement.first_word) return;
  Statement label = statement;
  label.end_word = end;
  read_directive(words, label);
  const bool asks = label.directive != Directive::none;
  const bool title = titles().match(words, label.first_word, end).words == label.words();
  if (asks && !title) return;
  statement.part = part_of_title(words, label.first_word, end);
  const bool told = statement.part == Part::example || statement.part == Part::input;
  if (!asks && !told) statement.body_word = end;
}

}  // namespace

Part part_of_title(const std::vector<Word>& words, std::size_t first_word, std::size_t end_word) {
  for (std::size_t word = first_word; word < end_word; ++word) {
    const Match match = titles().match(words, word, end_word);
    if (!match) continue;
    const auto part = static_cast<Part>(match.group->kind);
    // A long title only mentions the input: "What to do with the data".
    if (part != Part::input || end_word - first_word <= 2) return part;
  }
  return Part::other;
}

Prompt::Prompt(std::string_view text) : document(text) {
  const std::vector<Line>& lines = document.lines();
  const std::vector<Section>& sections = document.sections();
  std::vector<Part> above;  // of the headings around, by depth
  for (const Section& section : sections) {
    Part part = Part::other;
    if (section.heading) {
      const Line& heading = lines[*section.heading];
      part = part_of_title(all_words(), heading.first_word, heading.end_word);
      above.resize(static_cast<std::size_t>(section.depth), Part::other);
      const Part outer =
          section.depth > 1 ? above[static_cast<std::size_t>(section.depth) - 2] : Part::other;
      if (outer == Part::example || outer == Part::input) part = outer;
      above.back() = part;
    }
    section_parts.push_back(part);
  }

  std::size_t section = 0;
  for (const Sentence& sentence : document.sentences()) {
    while (section + 1 < sections.size() && sentence.line >= sections[section].end_line) ++section;
    Statement statement;
    statement.first_word = statement.body_word = sentence.first_word;
    statement.end_word = sentence.end_word;
    statement.line = sentence.line;
    statement.section = section;
    const LineKind kind = document.line_of(sentence).kind;
    statement.heading = kind == LineKind::heading || kind == LineKind::label;
    const Part part = section_parts[section];
    statement.material = kind == LineKind::table || part == Part::example || part == Part::input;
    if (!statement.heading) {
      words += statement.words();
      if (!statement.material) own_words += statement.words();
      read_label(all_words(), statement);
      read_directive(all_words(), statement);
    }
    statements.push_back(statement);
  }
  english = is_english(all_words());
}

}  // namespace vitals::text
