#include <catch2/catch.hpp>

#include <vitals/text/line_diff.h>

namespace vitals::text::test {
namespace {

TEST_CASE("a diff of lines names what went and what came") {
  const LineDiff diff = diff_lines("You are a clerk.\nBe brief.\nAnswer in JSON.\n",
                                   "You are a clerk.\nBe very brief.\nAnswer in JSON.\nCite.\n");
  CHECK(diff.added == 2);
  CHECK(diff.removed == 1);
  CHECK(diff.unified ==
        "@@ -1,3 +1,4 @@\n You are a clerk.\n-Be brief.\n+Be very brief.\n Answer in JSON.\n"
        "+Cite.\n");
}

TEST_CASE("equal texts have no diff") {
  CHECK(diff_lines("a\nb", "a\nb\n").unified.empty());
  CHECK(diff_lines("", "").unified.empty());
}

TEST_CASE("from nothing and to nothing") {
  CHECK(diff_lines("", "a\n").unified == "@@ -1,0 +1,1 @@\n+a\n");
  CHECK(diff_lines("a\nb\n", "").removed == 2);
}

std::string numbered(const std::string& word, int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) text += word + " " + std::to_string(i) + "\n";
  return text;
}

TEST_CASE("line numbers are right after many changes") {
  const std::string same = numbered("same", 10);
  const LineDiff diff = diff_lines(numbered("old", 900) + same + "a\n" + same,
                                   numbered("new", 900) + same + "b\n" + same);
  CHECK(diff.added == 901);
  CHECK(diff.removed == 901);
  CHECK(diff.unified.find("@@ -1,903 +1,903 @@\n") == 0);
  CHECK(diff.unified.find("@@ -908,7 +908,7 @@\n same 7\n same 8\n same 9\n-a\n+b\n") !=
        std::string::npos);
}

TEST_CASE("where too many lines differ all are replaced") {
  const std::string end = "same\n";
  const LineDiff diff = diff_lines(numbered("old", 3'000) + end, numbered("new", 2'000) + end);
  CHECK(diff.removed == 3'001);
  CHECK(diff.added == 2'001);
  CHECK(diff.unified.find("@@ -1,3001 +1,2001 @@\n-old 0\n") == 0);
  // Long texts with few changes are none of these.
  const LineDiff few = diff_lines(numbered("old", 9'000) + "a\n", numbered("old", 9'000) + "b\n");
  CHECK(few.added == 1);
  CHECK(few.unified.find("@@ -8998,4 +8998,4 @@") == 0);
}

}  // namespace
}  // namespace vitals::text::test
