#include <fstream>
#include <regex>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include <vitals/text/error_class.h>

#include "text/errors/patterns.h"

// docs/errors.md lists the classes, each with its statuses and a message: all must be so.

namespace vitals::text {
namespace {

std::string page() {
  std::ifstream file(std::string(VITALS_ROOT) + "/docs/errors.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> types() {
  std::set<std::string> all;
  for (const errors::Pattern& pattern : errors::patterns()) all.emplace(pattern.type);
  return all;
}

TEST_CASE("the classes on the page are those of the table, and its messages are of them") {
  static const std::regex row(R"(\n\| `([a-z_]+)` \| [^|]+ \| ([0-9, ]*) ?\| (``?)(.+?)\3 \|)");
  const std::string text = page();
  std::set<std::string> told;
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) {
    const std::string type = (*at)[1];
    const std::string message = (*at)[4];
    INFO(type << ": " << message);
    if (type == "other") {
      CHECK(error_class(message).empty());
      CHECK(error_template(message).text.empty());
      continue;
    }
    told.insert(type);
    CHECK(error_class(message) == type);
    static const std::regex status("[0-9]+");
    const std::string statuses = (*at)[2];
    for (std::sregex_iterator one(statuses.begin(), statuses.end(), status); one != end; ++one) {
      INFO(one->str());
      CHECK(error_class("request failed with status code " + one->str()) == type);
    }
  }
  CHECK(told == types());
}

TEST_CASE("the templates on the page are those of their messages") {
  static const std::regex row(R"(\n\| `([^`]+)` \| `([^`]+)` \| `(other:[^`]+)` \|)");
  const std::string text = page();
  int rows = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at, ++rows) {
    const ErrorTemplate made = error_template((*at)[1].str());
    CHECK(error_class((*at)[1].str()).empty());
    CHECK(made.text == (*at)[2].str());
    CHECK(made.type == (*at)[3].str());
  }
  CHECK(rows == 3);
}

}  // namespace
}  // namespace vitals::text
