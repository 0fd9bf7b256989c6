#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/prompt_analysis.h>

namespace vitals::text {
namespace {

using model::Number;

double trait(const PromptAnalysis& analysis, Number dimension) {
  const auto at = std::find(model::kTraits.begin(), model::kTraits.end(), dimension);
  return analysis.traits[static_cast<std::size_t>(at - model::kTraits.begin())];
}

double trait(std::string_view text, Number dimension) {
  return trait(analyse_prompt(text), dimension);
}

/// "line:what" of a dimension's findings.
std::vector<std::string> findings(std::string_view text, Number dimension) {
  const PromptAnalysis analysis = analyse_prompt(text);
  std::vector<std::string> found;
  for (const Finding& finding : analysis.findings) {
    if (finding.dimension != dimension) continue;
    found.push_back(std::to_string(finding.line) + ":" + finding.what);
    CHECK_FALSE(finding.why.empty());
    CHECK_FALSE(finding.suggestion.empty());
  }
  return found;
}

using Found = std::vector<std::string>;

/// A prompt of ours, with a fault or two.
constexpr std::string_view kReview = R"(# Role

You are a reviewer of Python code at a bank. Your readers are junior developers.

# Task

1. Read the diff in {{diff}}.
2. List each bug with its line number, at most 10.
4. If possible, suggest some fixes, tests, etc.

# Output

Return JSON with the keys "bugs" and "fixes". Do not write anything before the JSON.

# Example

{"bugs": [{"line": 3, "what": "off by one"}], "fixes": []}
)";

TEST_CASE("the same text gives the same numbers") {
  const PromptAnalysis first = analyse_prompt(kReview), second = analyse_prompt(kReview);
  for (std::size_t i = 0; i < model::kTraitCount; ++i) CHECK(first.traits[i] == second.traits[i]);
  CHECK(first.findings.size() == second.findings.size());

  CHECK(first.english);
  CHECK(first.counts.bytes == kReview.size());
  CHECK(first.counts.lines == 17);
  CHECK(first.counts.sections == 4);
  // Changed on purpose only: what is stored for a version was computed with these formulas.
  const model::Traits golden{6.0832, 8.5, 10, 0, 4.8618, 5.8678, 9.6676, 9.9183};
  for (std::size_t i = 0; i < model::kTraitCount; ++i) {
    CAPTURE(i);
    CHECK(first.traits[i] == Approx(golden[i]).margin(0.0005));
  }
}

TEST_CASE("findings have the line and the words that they are about") {
  CHECK(findings(kReview, Number::language_specificity) == Found{"9:some", "9:etc"});
  CHECK(findings(kReview, Number::instruction_precision) == Found{"9:If possible"});
  CHECK(findings(kReview, Number::logical_flow) == Found{"9:4."});
  CHECK(findings(kReview, Number::redundancy).empty());
  CHECK(findings(kReview, Number::hierarchy_clarity).empty());
  CHECK(findings(kReview, Number::section_organization).empty());

  const PromptAnalysis analysis = analyse_prompt(kReview);
  CHECK(std::is_sorted(analysis.findings.begin(), analysis.findings.end(),
                       [](const Finding& a, const Finding& b) { return a.line < b.line; }));
}

TEST_CASE("definite words beat vague ones") {
  const auto vague = "Write a short summary of the article with some interesting points, etc.";
  const auto definite = "Write a summary of 80 words of the article with 3 points on \"costs\".";
  const auto neutral = "Write a summary of the article with its points on costs.";
  CHECK(trait(definite, Number::language_specificity) >
        trait(neutral, Number::language_specificity) + 1);
  CHECK(trait(neutral, Number::language_specificity) >
        trait(vague, Number::language_specificity) + 1);
  CHECK(findings(vague, Number::language_specificity) ==
        Found{"1:short", "1:some", "1:interesting", "1:etc"});
}

TEST_CASE("vague words in quotations, examples, names and descriptions are left alone") {
  CHECK(findings("Replace the word \"nice\" by a number.", Number::language_specificity).empty());
  CHECK(findings("Label each line. Good: no error. Bad: an error.", Number::language_specificity)
            .empty());
  CHECK(findings("Our town has many shops. Name 3 of them.", Number::language_specificity).empty());
  CHECK(findings("Count the words.\n\n# Example\n\nsome good things, etc.",
                 Number::language_specificity)
            .empty());
  CHECK(findings("Say how many words it has.", Number::language_specificity).empty());
  CHECK(findings("Add a fruit, such as apples, pears, etc.", Number::language_specificity).empty());
  CHECK(findings("Write to Nice People Ltd.", Number::language_specificity).empty());
  CHECK(findings("Write and/or print.", Number::language_specificity) == Found{"1:and/or"});
}

TEST_CASE("firm and bounded instructions beat hopes") {
  const auto hope =
      "It would be nice to get the main ideas. Perhaps you could try to keep it tidy.";
  const auto plain = "Summarise the main ideas. Keep the summary tidy.";
  const auto bounded = "List the 3 main ideas. Use at most 12 words for each idea.";
  CHECK(trait(plain, Number::instruction_precision) >
        trait(hope, Number::instruction_precision) + 1);
  CHECK(trait(bounded, Number::instruction_precision) >
        trait(plain, Number::instruction_precision) + 1);
  CHECK(findings(hope, Number::instruction_precision) ==
        Found{"1:Perhaps", "1:you could", "1:try to"});
}

TEST_CASE("a text that asks for nothing is told so, and one that asks for much at once") {
  CHECK(trait("The weather in the north is cold.", Number::instruction_precision) == 0);
  CHECK(findings("The weather in the north is cold.", Number::instruction_precision) ==
        Found{"1:"});
  const auto crowded =
      "Read the text.\nRead it again and list the names and sort them and translate "
      "them and print them.";
  CHECK(findings(crowded, Number::instruction_precision).size() == 1);
}

TEST_CASE("instructions are known in their disguises") {
  for (const auto text :
       {"Please list the rivers.", "First, list the rivers.", "If it is long, list the rivers.",
        "You will list the rivers.", "The answer must list the rivers.", "Do not list the rivers.",
        "I want you to list the rivers.", "- **List** the rivers."}) {
    CAPTURE(text);
    CHECK(trait(text, Number::instruction_precision) > 3);
  }
  for (const auto text : {"List of the rivers.", "Output is a river.", "The list has rivers."}) {
    CAPTURE(text);
    CHECK(trait(text, Number::instruction_precision) == 0);
  }
}

TEST_CASE("instructions are known behind labels") {
  for (const auto text :
       {"Role: You are a nurse.\nTask: Write a note for {{patient}} in 5 sentences.",
        "**Task:** Write a poem.", "- **Length**: Write at most 5 sentences.",
        "Step 1: Read {{x}}.", "Limit: Use at most 80 words.", "<task>Write a poem.</task>",
        "Task: Please list the rivers.", "Use these words: sun and sea."}) {
    CAPTURE(text);
    CHECK(trait(text, Number::instruction_precision) > 3);
  }
  for (const auto text : {"Output: a poem.", "The clock: 12:30.", "Example: Write a poem.",
                          "The weather in the far north: read it is cold."}) {
    CAPTURE(text);
    CHECK_FALSE(trait(text, Number::instruction_precision) > 0);
  }
  CHECK(findings("Task: Try to list the rivers.", Number::instruction_precision) ==
        Found{"1:Try to"});
  // The number of a step is no limit.
  CHECK(trait("Step 1: Read the text.", Number::instruction_precision) ==
        trait("Read the text.", Number::instruction_precision));
}

/// Why context completeness misses something.
Found missing(std::string_view text) {
  Found found;
  for (const Finding& finding : analyse_prompt(text).findings) {
    if (finding.dimension == Number::context_completeness) found.push_back(finding.why);
  }
  return found;
}

bool contains(const Found& found, const std::string& what) {
  return std::find(found.begin(), found.end(), what) != found.end();
}

TEST_CASE("labels and tags name the parts") {
  const Found bare = missing("Write a poem.");
  for (const auto why : {"no limits are set", "nothing says what the answer looks like",
                         "nothing says what to work on"}) {
    CAPTURE(why);
    CHECK(contains(bare, why));
  }
  CHECK(missing("Task: Write a poem.\nInput: a tale\nFormat: a haiku\n**Tone**: calm").empty());
  CHECK(missing("<task>Write a poem.</task>\n<input>a tale</input>\n<format>a haiku</format>\n"
                "<tone>calm</tone>")
            .empty());
  const PromptAnalysis analysis = analyse_prompt("<role>You are a nurse.</role>");
  CHECK(analysis.english);
  CHECK(analysis.counts.words == 5);
}

TEST_CASE("what bounds an instruction is a limit") {
  for (const auto text :
       {"Write 5 sentences about {{x}}.", "Summarise {{x}} in 4 lines.",
        "Summarise {{x}} in under 60 words.", "Summarise {{x}} in one sentence.",
        "Answer {{x}} with exactly one of these three words: yes, no, unknown."}) {
    CAPTURE(text);
    CHECK_FALSE(contains(missing(text), "no limits are set"));
    CHECK(trait(text, Number::instruction_precision) > 7);
  }
  CHECK(contains(missing("Summarise {{x}} for us. The shop opened in 2019."), "no limits are set"));
  CHECK(contains(missing("Step 1: Summarise {{x}} for us."), "no limits are set"));
}

TEST_CASE("code below an instruction is its input") {
  const std::string code = "\n\n```\nint x;\n```\n", why = "nothing says what to work on";
  CHECK(missing("Translate it." + code).size() == missing("Translate it.").size());
  CHECK(contains(missing("Translate it." + code), why));
  CHECK_FALSE(contains(missing("Review this code:" + code), why));
  CHECK_FALSE(contains(missing("Find the faults in these lines of our program:" + code), why));
  CHECK_FALSE(contains(missing("Review the code:" + code), why));
  CHECK(contains(missing("Use this format:" + code), why));
  CHECK(contains(missing("Review this code:\nwith care"), why));
  CHECK(trait("Review this code:" + code, Number::instruction_precision) > 3);
}

TEST_CASE("more of what the model must know is more complete") {
  const std::string task = "Translate the letter into French.";
  const std::string input = task + " The letter: {{letter}}";
  const std::string output = input + " Return only the translation, in one paragraph.";
  const std::string role = "You are a translator of law. " + output;
  CHECK(trait(input, Number::context_completeness) > trait(task, Number::context_completeness));
  CHECK(trait(output, Number::context_completeness) > trait(input, Number::context_completeness));
  CHECK(trait(role, Number::context_completeness) > trait(output, Number::context_completeness));
  CHECK(trait(role, Number::context_completeness) > 9);  // short, and all it needs
  CHECK(findings(role, Number::context_completeness).empty());
  CHECK(findings(task, Number::context_completeness).size() == 3);
}

TEST_CASE("what is said twice is found where it is said again") {
  const std::string once = "Keep the names of all people out of the answer.\nUse short words.\n";
  const std::string twice = once + "Keep the names of all the people out of the answer.\n";
  CHECK(trait(once, Number::redundancy) == 0);
  CHECK(trait(twice, Number::redundancy) > 0.3);
  const Found found = findings(twice, Number::redundancy);
  REQUIRE(found.size() == 1);
  CHECK(found[0] == "3:Keep the names of all the people out of the answer");
  CHECK(trait("Fill in the name of {{a}}.\nFill in the name of {{b}}.\n", Number::redundancy) == 0);
}

TEST_CASE("empty phrases thin the text") {
  const auto thin =
      "It is important to note that in order to be able to answer you will have to be "
      "very sure that it is what it is.";
  const auto dense =
      "Extract invoice numbers, supplier names, totals, currencies. Validate totals.";
  CHECK(trait(dense, Number::information_density) > trait(thin, Number::information_density) + 5);
  CHECK(findings(thin, Number::information_density) ==
        Found{"1:It is important to note that", "1:in order to", "1:be able to", "1:very"});
}

TEST_CASE("connected sentences beat scattered ones") {
  const auto connected =
      "Read the contract. Then mark each clause of the contract. Because a clause "
      "may be long, quote its first words only. Finally, rank the clauses.";
  const auto scattered =
      "Read the contract. Birds sing. Use metric units. Paris lies north. Answer "
      "as pirate.";
  CHECK(trait(connected, Number::logical_flow) > trait(scattered, Number::logical_flow) + 2);
  CHECK(std::isnan(trait("Read the contract.", Number::logical_flow)));  // nothing to connect
  CHECK(findings("1. Read.\n2. Sort.\n3. Print.\n", Number::logical_flow).empty());
  CHECK(findings("1. Read.\n1. Sort.\n1. Print.\n", Number::logical_flow).empty());
  CHECK(findings("1. Read.\n3. Sort.\n4. Print.\n", Number::logical_flow) == Found{"2:3."});
  CHECK(findings("Finally, print it.\nFirst, read it.", Number::logical_flow) == Found{"2:First"});
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
    all += std::to_string(i) + ". ";
  }
  return all;
}

TEST_CASE("an outline that goes level by level beats none and a broken one") {
  const std::string body = repeated("Check the totals of invoice ", 20);
  const std::string good =
      "# Task\n\n" + body + "\n\n## Rules\n\n- one rule\n- another\n\n# Input\n";
  const std::string broken =
      "### Task\n\n" + body + "\n\n##### Rules\n\n- one rule\n* another\n\n# Input\n";
  CHECK(trait(good, Number::hierarchy_clarity) > trait(body, Number::hierarchy_clarity) + 1);
  CHECK(trait(good, Number::hierarchy_clarity) > trait(broken, Number::hierarchy_clarity) + 1);
  CHECK(findings(good, Number::hierarchy_clarity).empty());
  CHECK(findings(broken, Number::hierarchy_clarity) ==
        Found{"5:##### Rules", "5:##### Rules", "8:*", "10:# Input"});
  CHECK(findings("# A\n\n# B\n\nx\n\n```\ncode", Number::hierarchy_clarity) ==
        Found{"1:# A", "7:```"});
  CHECK(trait("Greet the user.", Number::hierarchy_clarity) == Approx(8));  // too short for one
}

TEST_CASE("named sections in order with short blocks beat a wall of text") {
  const std::string body = repeated("Check the totals of invoice ", 60);
  const std::string role = "# Role\n\nYou audit invoices for a shop.\n\n";
  const std::string task = "# Task\n\nCheck the totals.\n\n";
  const std::string output = "# Output\n\nReturn a table of faults.\n\n";
  CHECK(trait(role + task + output, Number::section_organization) >
        trait(output + task + role, Number::section_organization) + 1);
  CHECK(trait(role + task + output, Number::section_organization) >
        trait(body, Number::section_organization) + 4);
  CHECK(findings(output + task, Number::section_organization) == Found{"5:# Task"});
  CHECK(findings(task + task, Number::section_organization) == Found{"5:# Task"});
  const Found wall = findings(body, Number::section_organization);
  REQUIRE(wall.size() == 2);
  CHECK(wall[0].substr(0, 10) == "1:Check th");
  CHECK(trait("Greet the user.", Number::section_organization) == Approx(8));  // too short for any
}

TEST_CASE("of other languages only the form is told") {
  for (const auto text :
       {"Schreibe eine kurze Zusammenfassung des folgenden Textes und nenne die drei wichtigsten "
        "Punkte. Verwende einfache Sprache.",
        "Rédige un résumé du texte suivant et donne les trois points importants. Utilise un "
        "langage "
        "simple.",
        "Escribe un resumen del texto siguiente y nombra los tres puntos principales en orden.",
        "Fasse den Text in drei Sätzen zusammen.", "Was will der Autor so sagen, und an wen?",
        "Traduis ce texte en anglais, et fais une note a la fin.",
        "Scrivi un riassunto in tre frasi.",
        "Geef een korte samenvatting, of schrijf een lijst als dat beter is.",
        "ultra detailed sunset", "请用中文总结以下文章的三个要点，并给出例子。",
        "кратко изложи текст"}) {
    CAPTURE(text);
    const PromptAnalysis analysis = analyse_prompt(text);
    CHECK_FALSE(analysis.english);
    CHECK(std::isnan(trait(analysis, Number::language_specificity)));
    CHECK(std::isnan(trait(analysis, Number::instruction_precision)));
    CHECK(std::isnan(trait(analysis, Number::context_completeness)));
    CHECK(std::isnan(trait(analysis, Number::information_density)));
    CHECK(std::isnan(trait(analysis, Number::logical_flow)));
    CHECK(trait(analysis, Number::redundancy) == 0);
    CHECK(trait(analysis, Number::hierarchy_clarity) > 0);
    CHECK(trait(analysis, Number::section_organization) > 0);
  }
}

TEST_CASE("terse instructions are English") {
  for (const auto text :
       {"Summarise.", "Fix grammar", "Translate into French: {{text}}", "You are Ann.",
        "Extract invoice numbers, supplier names, totals. Validate totals."}) {
    CAPTURE(text);
    CHECK(analyse_prompt(text).english);
  }
}

TEST_CASE("texts without words have no traits") {
  for (const auto text : {"", "\n\n \t\r\n", "...!?", "```\nint main() {}\n```", "\"\"\"", "🎉🎉"}) {
    CAPTURE(text);
    for (const double value : analyse_prompt(text).traits) CHECK(std::isnan(value));
  }
}

TEST_CASE("any bytes are taken, and values stay in their ranges") {
  constexpr std::size_t kMegabyte = 1'000'000;
  std::string bytes;
  for (std::size_t i = 0; i < 4096; ++i) bytes.push_back(static_cast<char>(i * 31 + i / 256));
  std::string words, sentences, lines, fences, brackets;
  while (words.size() < kMegabyte) words += "some ";
  while (sentences.size() < kMegabyte) sentences += "Try to do some. ";
  while (lines.size() < kMegabyte) lines += "- Try to do some of it, etc.\n";
  while (fences.size() < 10'000) fences += "```\n# some\n";
  while (brackets.size() < kMegabyte) brackets += "{<[$";
  const std::vector<std::string> texts{std::string(kMegabyte, 'a'),
                                       std::string(kMegabyte, '\n'),
                                       std::string(kMegabyte, '\x80'),
                                       std::string(kMegabyte, '#'),
                                       std::string(1000, '\0'),
                                       "\xE2",
                                       "\xE2\x80",
                                       "a\xF0\x9F",
                                       "{{",
                                       "[",
                                       "1.",
                                       "-",
                                       "#",
                                       "# ",
                                       "<",
                                       "<a>",
                                       "\xEF\xBB\xBFWrite a poem.",
                                       bytes,
                                       words,
                                       sentences,
                                       lines,
                                       fences,
                                       brackets};
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 20));
    const PromptAnalysis analysis = analyse_prompt(text);
    for (std::size_t i = 0; i < model::kTraitCount; ++i) {
      if (std::isnan(analysis.traits[i])) continue;
      CHECK(analysis.traits[i] >= 0);
      CHECK(analysis.traits[i] <= (model::kTraits[i] == Number::redundancy ? 1 : 10));
    }
    CHECK(analysis.findings.size() <= kFindingsMax * model::kTraitCount);
    for (const Finding& finding : analysis.findings) {
      CHECK(finding.line >= 1);
      CHECK(finding.line <= std::max<std::size_t>(1, analysis.counts.lines));
      CHECK(finding.what.size() <= 90);
    }
  }
  CHECK(analyse_prompt(lines).findings_left_out > 50'000);
}

TEST_CASE("tokens are estimated near what encoders make") {
  CHECK(analyse_prompt("Write a poem about the sea.").counts.estimated_tokens == 7);
  CHECK(analyse_prompt("").counts.estimated_tokens == 0);
}

/// Why the dimension is low, if it is: of its only finding.
std::string reason(std::string_view text, Number dimension) {
  const PromptAnalysis analysis = analyse_prompt(text);
  const double value = trait(analysis, dimension);
  CAPTURE(text, value);
  CHECK((dimension == Number::redundancy ? value > 0.2 : value < 5));
  std::vector<Finding> found;
  for (const Finding& finding : analysis.findings) {
    if (finding.dimension == dimension) found.push_back(finding);
  }
  REQUIRE(found.size() == 1);
  return std::to_string(found[0].line) + ":" + found[0].what + ": " + found[0].why;
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST_CASE("a low dimension says what lowers it where nothing else is found") {
  CHECK(reason(repeated("The tools are red. ", 13) +
                   "Write about tools. Praise the tools. Describe the tools.",
               Number::instruction_precision) ==
        "1:Write about tools: 2 of 2 instructions have no limit and no form, this one first");
  CHECK(reason("What is it that you would do for me if I had to be there with all of them?\n"
               "Answer with blue whales.",
               Number::information_density) ==
        "1:What is it that you would do for me if I had to be there with all of them: 19 of 19 "
        "words only join others, as of, that, is, you: the most of all sentences");
  CHECK(reason("Name a fruit for me. The seven dwarfs sleep. Paris is far away. Copper melts at "
               "noon. Dogs bark at you. Snow falls on us.",
               Number::logical_flow) ==
        "1:The seven dwarfs sleep: 5 of 5 sentences share no word with those before them and do "
        "not point back, this one first");
  const std::string run = "the red house on the hill was sold to 7 ";
  CHECK(reason(run + "old sailors from the north of Spain yesterday.\n" + run +
                   "young dentists who never went to any sea before they bought it.",
               Number::redundancy) ==
        "2:the red house on the: stood on line 1 before; in all 25 % of the words have been said "
        "before");
  const std::string prose = repeated("The old ships sail to distant harbours with tea.\n\n", 60);
  CHECK(reason(prose, Number::hierarchy_clarity) ==
        "1:: 540 of 540 words stand below no heading and in no list");
  CHECK(reason(repeated("The old ships sail to distant harbours with tea", 17) + ".\n",
               Number::section_organization) == "1:: 137 words without sections");
}

}  // namespace
}  // namespace vitals::text
