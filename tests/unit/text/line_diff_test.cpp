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

TEST_CASE("long texts that have nothing in common") {
  std::string before;
  std::string after;
  for (int i = 0; i < 3'000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  const LineDiff diff = diff_lines(before, after);
  CHECK(diff.added == 3'000);
  CHECK(diff.removed == 3'000);
}

}  // namespace
}  // namespace vitals::text::test
