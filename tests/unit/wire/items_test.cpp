#include "wire/json/items.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace vitals::wire::json;

namespace {

/// The elements joined by `/`, and the problem after `!`.
std::string elements_of(std::string_view array) {
  Elements elements(array);
  std::string all;
  while (const auto element = elements.next()) all += std::string(*element) + '/';
  if (!elements.problem().empty()) all += '!' + std::string(elements.problem());
  return all;
}

}  // namespace

TEST_CASE("lines are cut at newlines, numbered from 1, blank ones skipped") {
  Lines lines("a\r\n\n  \t\r\n b \nc");
  std::vector<std::pair<std::string, std::uint64_t>> found;
  while (const auto line = lines.next()) found.emplace_back(line->text, line->number);
  CHECK(found == std::vector<std::pair<std::string, std::uint64_t>>{{"a", 1}, {"b", 4}, {"c", 5}});
  CHECK_FALSE(Lines("").next());
  CHECK_FALSE(Lines("\n\r\n \n").next());
}

TEST_CASE("an object that another one follows is told from one object") {
  CHECK(several_objects("{}\n{"));
  CHECK(several_objects(R"({"a":[{"b":1}]} {"c":2})"));
  CHECK(several_objects(R"({"a":"}{\""}{}{})"));
  for (const char* one : {"", "{", "{}", "{} ", "{}x", "{}]", "[{}{}]", "1{}{}", R"({"a":{}})",
                          R"({"a":"}{"})", R"({"a":"})", "{\n\"a\":{},\n\"b\":{}\n}"}) {
    CAPTURE(one);
    CHECK_FALSE(several_objects(one));
  }
}

TEST_CASE("an array is cut into its elements") {
  CHECK(elements_of("[]").empty());
  CHECK(elements_of("[ \n ]").empty());
  CHECK(elements_of("[1]") == "1/");
  CHECK(elements_of("[ 1 , [2,[3]] , {\"a\":{\"b\":[1,2]}} ]") ==
        "1/[2,[3]]/{\"a\":{\"b\":[1,2]}}/");
  CHECK(elements_of(R"(["a,]}[{", "\"],", "\\",""])") == R"("a,]}[{"/"\"],"/"\\"/""/)");
}

TEST_CASE("what is wrong with an array's own brackets and commas is said") {
  CHECK(elements_of("[") == "!the array is not closed");
  CHECK(elements_of("[1") == "!the array is not closed");
  CHECK(elements_of("[1,") == "1/!the array is not closed");
  CHECK(elements_of("[1,[2]") == "1/!the array is not closed");
  CHECK(elements_of(R"(["a])") == "!the array is not closed");
  CHECK(elements_of(R"(["a\"])") == "!the array is not closed");
  CHECK(elements_of(R"(["a\)") == "!the array is not closed");
  CHECK(elements_of("[1}") == "!the array has a brace too many");
  CHECK(elements_of("[,1]") == "!a value is missing");
  CHECK(elements_of("[1,]") == "1/!a value is missing");
  CHECK(elements_of("[1,,2]") == "1/!a value is missing");
  CHECK(elements_of("[1]]") == "1/!something follows the array");
  CHECK(elements_of("[]x") == "!something follows the array");
  CHECK(elements_of("[1] 2") == "1/!something follows the array");
}
