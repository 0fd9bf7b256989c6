#include "text/document.h"

#include <string>

#include <catch2/catch.hpp>

namespace vitals::text {
namespace {

std::string sentences(std::string_view text) {
  const Document document(text);
  std::string all;
  for (const Sentence& sentence : document.sentences()) {
    all += std::string(document.written(sentence.first_word, sentence.end_word)) + "|";
  }
  return all;
}

std::string words(std::string_view text) {
  const Document document(text);
  std::string all;
  for (const Word& word : document.words()) all += std::string(word.text) + "|";
  return all;
}

std::string kinds(std::string_view text) {
  const Document document(text);
  std::string all;
  for (const Line& line : document.lines()) {
    all += "bhlitcp"[static_cast<int>(line.kind)];
    all += std::to_string(line.depth);
  }
  return all;
}

TEST_CASE("words keep what belongs to them") {
  CHECK(words("Don’t use 1,000 or 3.5, step-by-step (e.g. file.txt)!") ==
        "don't|use|1,000|or|3.5|step-by-step|e.g|file.txt|");
  CHECK(words("Greet {{ user }} at ${place} on <the day> [your name] [x](y)") ==
        "greet|{{ user }}|at|${place}|on|<the day>|[your name]|x|y|");
  CHECK(words("写一首诗。") == "写|一|首|诗|");
  CHECK(words("Grüße 🎉 — fin") == "grüße|fin|");
}

TEST_CASE("sentences end at stops, blocks and short lines") {
  CHECK(sentences("Use e.g. a table. Mr. Fox ran, etc. and so on! Why? Yes") ==
        "Use e.g. a table|Mr. Fox ran, etc. and so on|Why|Yes|");
  CHECK(sentences("Write a poem\nUse three lines\n- one\n- two\n\nand more") ==
        "Write a poem|Use three lines|one|two|and more|");
  CHECK(sentences("A line that is broken because it is as wide as the whole page of\nParis and its "
                  "suburbs.") ==
        "A line that is broken because it is as wide as the whole page of\nParis and its suburbs|");
}

TEST_CASE("lines are what Markdown says") {
  CHECK(kinds("# A\n\ntext\n- item\n  - inner\n1. one\n| a |\n```\ncode\n```\n### C\n") ==
        "h1b0p0i0i1i0t0c0c0c0h3");
  CHECK(kinds("Title\n=====\nOther\n-----\n---\n{\n\"a\": 1\n}") == "h1b0h2b0b0c0c0c0");
  CHECK(kinds("## A\n\nSteps:\n- x\n\n**Output**\n\n<input>\nx\n</input>\n\nRULES") ==
        "h2b0l3i0b0l3b0l3p0b0b0l3");
}

TEST_CASE("a tag around a line's text labels it") {
  CHECK(words("<role>You are Ann.</role>") == "role|you|are|ann|");
  CHECK(kinds("<role>You are Ann.</role>\n<steps>\n1. Read.\n</steps>") == "p0l1i0b0");
  CHECK(sentences("<role>You are Ann</role>\n<task>Greet <the user></task>\nand wave") ==
        "role>You are Ann|task>Greet <the user>|and wave|");
  CHECK(kinds("<a>x</b>\n<tr><td>x</td></tr>\n<a href=\"x\">y</a>\n<a></a>") == "c0c0c0c0");
}

TEST_CASE("a line that hands over the fence below it is a sentence") {
  CHECK(kinds("Review this code:\n\n```\nx\n```") == "p0b0c0c0c0");
  CHECK(kinds("Please fix this:\n```\nx\n```") == "p0c0c0c0");
  CHECK(kinds("Format of the answer:\n```\nx\n```\nMy code:\n```") == "l1c0c0c0l1c0");
  CHECK(kinds("Example of code:\n```\nx\n```\nFollow these steps:\n- one") == "l1c0c0c0l1i0");
}

TEST_CASE("sections have the words below their headings") {
  const Document document("before it\n# One\na b c\n\n# Two\n# Three\nd");
  REQUIRE(document.sections().size() == 4);
  CHECK(document.sections()[0].words == 2);
  CHECK(document.sections()[1].words == 3);
  CHECK(document.sections()[2].words == 0);
  CHECK(*document.sections()[3].heading == 5);
}

TEST_CASE("a fence that nothing closes is noticed") {
  CHECK(Document("a\n```\nb").unclosed_fence() == 1U);
  CHECK_FALSE(Document("a\n```\nb\n```").unclosed_fence());
  CHECK(Document("a\n```\nb").words().size() == 1);
}

TEST_CASE("quotation marks are seen") {
  const Document document("Say \"hello you\" and `go`");
  CHECK_FALSE(document.words()[0].quoted);
  CHECK(document.words()[1].quoted);
  CHECK(document.words()[2].quoted);
  CHECK_FALSE(document.words()[3].quoted);
  CHECK(document.words()[4].quoted);
}

}  // namespace
}  // namespace vitals::text
