#include <catch2/catch.hpp>

#include "config/yaml_tree.h"

using namespace vitals::config;

namespace {

/// What is wrong with a text; "" when it is acceptable.
std::string problems(const std::string& text) {
  Report report;
  Document document{"f", &report, {}, {}};
  const auto tree = parse_yaml(text, document);
  CHECK(tree.has_value() + !report.empty() >= 1);
  return report.text();
}

}  // namespace

TEST_CASE("configuration YAML of the usual kinds is accepted") {
  const std::string good = GENERATE(
      "a: 1\n", "---\na: 1\n", "a:\n  b: x\n  c: [1, 2]\n", "a:\n- x\n- y\nb: 1\n",
      "a:\n  - name: x\n    b: 1\n  - name: y\n", "a: {b: [c, {d: e}], 'f': \"g\"} # comment\n",
      "a: [\n    x, # first\n    y,\n  ]\nb: 2\n", "a: |\n  text: with colon\n\n  more\nb: 1\n",
      "a: >-\n  folded\n   more\nb:\n", "url: http://127.0.0.1:80/x#y\n",
      "- - a\n  - b\n-\n  - c\n", "\"quoted key\": 'it''s'\n",
      "{\"json\": [1, true, null, \"x\\n\\u00e4\"]}\n", "", "# nothing\n", "a: b\r\nc: d\r\n",
      "\xef\xbb\xbf"
      "a: b\n",
      "filter: [prompt:x, \"status:!\"]\n");
  CAPTURE(good);
  CHECK(problems(good) == "");
}

TEST_CASE("what other parsers might read differently is refused with line and reason") {
  struct Case {
    const char* text;
    const char* problem;
  };
  const Case bad = GENERATE(
      Case{"a: 1\na: 2\n", "f:2: a: occurs twice in the same mapping"},
      Case{"a:\n  b: {c: 1, c: 2}\n", "f:2: c: occurs twice in the same mapping"},
      Case{"a:\tb\n", "f:1: a tab; use spaces (or \\t between double quotes)"},
      Case{"a: &x 1\n", "f:1: anchors are not used here; quote a text that begins with '&'"},
      Case{"a: *x\n", "f:1: aliases are not used here; quote a text that begins with '*'"},
      Case{"a: [*.yaml]\n", "f:1: aliases are not used here; quote a text that begins with '*'"},
      Case{"a: !!int 1\n", "f:1: tags are not used here; quote a text that begins with '!'"},
      Case{"%YAML 1.2\n---\na: 1\n", "f:1: directives are not used here"},
      Case{"a: 1\n---\nb: 2\n", "f:2: only one document is allowed in a file"},
      Case{"a: 1\n...\n", "f:2: only one document is allowed in a file"},
      Case{"a: 1\n b: 2\n", "f:2: wrong indentation"},
      Case{"a: b: c\n", "f:1: ': ' in a text; put it between quotes"},
      Case{"a: \"b\" c\n", "f:1: unexpected text after the value"},
      Case{"a: [b]]\n", "f:1: unexpected text after the value"},
      Case{"a: [b, c\n", "f:1: a bracket is not closed"},
      Case{"a: [b,, c]\n", "f:1: unexpected ','; quote a text that begins with it"},
      Case{"a: \"b\n  c\"\n", "f:1: a quoted text does not end on its line"},
      Case{"a: \"\\q\"\n", "f:1: unknown escape '\\q' in a double-quoted text"},
      Case{"a:\n  one\n  two\n",
           "f:2: expected 'key: value' or '- item' (a text goes on one line)"},
      Case{"? a\n: b\n", "f:1: unexpected '?'; quote a text that begins with it"},
      Case{"a: \xff\n", "f:1: not UTF-8"}, Case{"a: \x01\n", "f:1: a control character"});
  CAPTURE(bad.text);
  CHECK(problems(bad.text) == bad.problem);
}

TEST_CASE("a NUL byte and several tabs are all named") {
  CHECK(problems(std::string("a: \0b\n", 6)) == "f:1: a NUL byte");
  CHECK(problems("a:\t1\nb: 1\nc:\t1\n").find("f:3: a tab") != std::string::npos);
}

TEST_CASE("deep nesting is refused before it can exhaust the stack") {
  CHECK(problems("a: " + std::string(100'000, '[')) == "f:1: brackets are nested too deeply");
  std::string blocks;
  for (int depth = 0; depth < 3'000; ++depth) blocks += std::string(depth, ' ') + "a:\n";
  CHECK(problems(blocks) == "f:33: nested too deeply");
}

TEST_CASE("the tree knows lines, quotes and order") {
  Report report;
  Document document{"f", &report, {}, {}};
  const auto root = parse_yaml("a: 5\nb:\n  - '5'\n  - ~\nc: |\n  x\n  y\n", document);
  REQUIRE(root.has_value());
  REQUIRE(root->kind == Node::Kind::mapping);
  CHECK(root->find("a")->text == "5");
  CHECK_FALSE(root->find("a")->quoted);
  const Node* list = root->find("b");
  REQUIRE(list->children.size() == 2);
  CHECK(list->line == 2);
  CHECK(list->children[0].quoted);
  CHECK(list->children[0].line == 3);
  CHECK(list->children[1].kind == Node::Kind::null);
  CHECK(root->find("c")->text == "x\ny\n");
  CHECK(root->find("d") == nullptr);
}
