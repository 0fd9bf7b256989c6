#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "document.h"
#include "phrases.h"

namespace vitals::text {

/// What a passage of a prompt is for, after the patterns that White et al. catalogue (A Prompt
/// Pattern Catalog to Enhance Prompt Engineering with ChatGPT, 2023, §III: persona, context,
/// recipe, template, …). In the order in which readers expect them.
enum class Part : std::uint8_t {
  role,
  purpose,
  background,
  audience,
  task,
  constraint,
  output,
  example,
  input,
  other,
};
inline constexpr std::size_t kPartCount = 9;  ///< without other

/// How strongly a sentence tells what to do.
enum class Directive : std::uint8_t { none, weak, firm };

struct Statement {
  std::size_t first_word = 0, end_word = 0;
  std::size_t body_word = 0;  ///< behind its label (`Task: …`); first_word without one
  Part part = Part::other;    ///< what its label names
  std::size_t line = 0;
  std::size_t section = 0;
  bool heading = false;
  bool material =
      false;  ///< of an example, of the input, or of a table: not the writer's own wording
  Directive directive = Directive::none;
  std::size_t directives = 0;  ///< how many things it tells to do

  std::size_t words() const { return end_word - first_word; }
};

/// A prompt as the dimensions read it.
struct Prompt {
  explicit Prompt(std::string_view text);

  Document document;
  std::vector<Part> section_parts;  ///< what each section is for, by its heading
  std::vector<Statement> statements;
  std::size_t words = 0;      ///< outside of headings
  std::size_t own_words = 0;  ///< those that are not material either
  bool english = true;

  const std::vector<Word>& all_words() const { return document.words(); }
};

/// Whether the word is written like a name: with a capital, not at the beginning of its sentence or
/// behind its label.
inline bool is_name(const Statement& statement, const std::vector<Word>& words, std::size_t word) {
  return words[word].capital && word != statement.first_word && word != statement.body_word;
}

/// What a heading announces.
Part part_of_title(const std::vector<Word>& words, std::size_t first_word, std::size_t end_word);

/// The verbs that instructions start with, as "write", which are no nouns where they stand first.
bool is_imperative_verb(std::string_view word);

/// Fills in `directive` and `directives`, from `body_word` on.
void read_directive(const std::vector<Word>& words, Statement& statement);

}  // namespace vitals::text
