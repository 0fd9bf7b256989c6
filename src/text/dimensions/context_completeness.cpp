#include <algorithm>
#include <array>

#include "dimension.h"
#include "limits.h"

// Whether the model is told what it needs: the components that prompt patterns supply (White et
// al., A Prompt Pattern Catalog to Enhance Prompt Engineering with ChatGPT, 2023, §III: Persona,
// Audience Persona, Template, Recipe, Context Manager; examples: Brown et al., Language Models are
// Few-Shot Learners, 2020, §2). A section of its own counts more than a mention.

namespace vitals::text {
namespace {

constexpr PhraseGroup kCues[] = {
    {Part::role,
     "you are a, you are an, you are the, act as, acting as, play the role, role of, "
     "take on the role, as an expert, behave like, pretend to be, your role, respond "
     "as, specialise in, specialize in"},
    {Part::purpose,
     "the goal, your goal, in order to, so that, the purpose, the aim, objective, will "
     "be used, we want to, i want to, to help"},
    {Part::background,
     "because, background, context, given that, assume, we are, our company, "
     "currently, my company, i am, i'm, is defined as, refers to, means, based on"},
    {Part::audience,
     "audience, reader, readers, for beginners, students, customers, customer, "
     "clients, children, users, user, listeners, developers, non-experts, patients, "
     "layperson, aimed at, targeting"},
    {Part::constraint,
     "must, must not, do not, don't, never, avoid, at most, at least, only, no more "
     "than, up to, without"},
    {Part::output,
     "json, yaml, csv, xml, html, markdown, table, bullet, bullets, bulleted, bullet "
     "points, numbered list, list of, code block, format, paragraphs, paragraph, "
     "sentences, sentence, words, reply with, respond with, answer with, output, "
     "section called, return, essay, email"},
    {Part::example,
     "for example, for instance, e.g, example, examples, such as, sample, like this"},
    {Part::input,
     "the following, input, i will provide, i will give, i will type, i will ask, you "
     "will be given, you are given, below, my first, first request, is provided, "
     "provided, given"},
};

/// "Review this code:" shows the input below it, "Use this format:" the output.
constexpr PhraseGroup kShown[] = {
    {Part::input, "this, these, the, following, my, our"},
    {Part::output,
     "use, follow, return, output, format, answer, reply, respond, write, produce, generate, "
     "create, give, provide, print, match, like"},
};

struct Component {
  Part part;
  double weight;
  std::string_view why, suggestion;
};
// The task itself is looked for by its verbs. The first four are what nearly every prompt needs.
constexpr Component kComponents[] = {
    {Part::task, 2, "nothing says what to do", "add the task as an instruction"},
    {Part::output, 1.5, "nothing says what the answer looks like",
     "say its form and length: a table, JSON with these keys, three sentences"},
    {Part::input, 1.5, "nothing says what to work on",
     "name the input, or mark its place: {{text}}"},
    {Part::constraint, 1, "no limits are set",
     "say what must, and what must not, be in the answer"},
    {Part::role, 1, "no role is given", "say as whom to answer: You are a …"},
    {Part::example, 1, "no example is given", "show one input with the answer it should get"},
    {Part::purpose, 1, "no purpose is given", "say what the answer is used for"},
    {Part::background, 1, "no background is given", "say what the model cannot know"},
    {Part::audience, 1, "nobody is named for whom the answer is", "say who reads it"},
};

/// Whether the sentence is an instruction that hands over what stands in the code below it.
bool shows_input(const Prompt& prompt, const Statement& statement) {
  static const Phrases shown(kShown);
  const std::vector<Word>& words = prompt.all_words();
  if (statement.directive == Directive::none || words[statement.end_word - 1].after != ':')
    return false;
  bool input = false;
  for (std::size_t word = statement.body_word; word < statement.end_word; ++word) {
    const Match match = shown.match(words, word, statement.end_word);
    if (match && static_cast<Part>(match.group->kind) == Part::output) return false;
    input = input || match;
  }
  const std::vector<Line>& lines = prompt.document.lines();
  std::size_t next = words[statement.end_word - 1].line + 1;
  while (next < lines.size() && lines[next].kind == LineKind::blank) ++next;
  return input && next < lines.size() && lines[next].kind == LineKind::code;
}

/// Of each component 0, ½ for one mention, ¾ for several, 1 for a section or unmistakable words.
std::array<double, kPartCount> parts_present(const Prompt& prompt) {
  static const Phrases cues(kCues);
  std::array<double, kPartCount> present{};
  const auto raise = [&](Part part, double to) {
    double& now = present[static_cast<std::size_t>(part)];
    now = std::max(now, to);
  };
  for (std::size_t i = 0; i < prompt.section_parts.size(); ++i) {
    if (prompt.section_parts[i] == Part::other) continue;
    const bool last = i + 1 == prompt.section_parts.size();  // the input may be appended to it
    const Section& section = prompt.document.sections()[i];
    if (section.words > 0 || last || prompt.section_parts[i] == Part::input) {
      raise(prompt.section_parts[i], 1);
    }
  }
  std::array<int, kPartCount> mentions{};
  const std::vector<Word>& words = prompt.all_words();
  for (const Statement& statement : prompt.statements) {
    if (statement.directive == Directive::firm) raise(Part::task, 1);
    if (statement.directive == Directive::weak) raise(Part::task, 0.5);
    if (statement.part != Part::other) raise(statement.part, 1);
    if (shows_input(prompt, statement)) raise(Part::input, 1);
    if (!statement.material && sets_limit(prompt, statement)) raise(Part::constraint, 0.5);
    for (std::size_t word = statement.first_word; word < statement.end_word; ++word) {
      if (words[word].kind == WordKind::placeholder) raise(Part::input, 1);
      if (const Match match = cues.match(words, word, statement.end_word)) {
        ++mentions[static_cast<std::size_t>(match.group->kind)];
      }
    }
  }
  for (std::size_t part = 0; part < kPartCount; ++part) {
    const bool role = static_cast<Part>(part) == Part::role;
    if (mentions[part] == 1) raise(static_cast<Part>(part), role ? 1 : 0.5);
    if (mentions[part] > 1) raise(static_cast<Part>(part), role ? 1 : 0.75);
  }
  for (const Line& line : prompt.document.lines()) {
    if (line.kind == LineKind::code) raise(Part::example, 0.5);
  }
  return present;
}

}  // namespace

std::optional<double> context_completeness(const Prompt& prompt, Findings& findings) {
  if (!prompt.english || prompt.words == 0) return std::nullopt;
  const std::array<double, kPartCount> present = parts_present(prompt);
  // A prompt of a sentence or two needs the first four; a long one is expected to say the rest too.
  constexpr double kFirst = 6, kAll = 11;
  const double expected =
      kFirst + (kAll - kFirst) * std::min(1.0, static_cast<double>(prompt.words) / 200);
  double reached = 0, so_far = 0;
  const Component* next = nullptr;  // that is missing, but not expected at this length
  for (const Component& component : kComponents) {
    const double here = present[static_cast<std::size_t>(component.part)];
    reached += component.weight * here;
    so_far += component.weight;
    if (here > 0) continue;
    if (so_far <= expected) {
      findings.add(0, "", std::string(component.why), std::string(component.suggestion));
    } else if (next == nullptr) {
      next = &component;
    }
  }
  const double value = 10 * std::min(1.0, reached / expected);
  if (value < kLow && findings.found.empty() && next != nullptr) {
    findings.add(0, "", std::string(next->why), std::string(next->suggestion));
  }
  return value;
}

}  // namespace vitals::text
