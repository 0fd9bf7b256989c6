#include <algorithm>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/prompt_analysis.h>

// docs/prompt-analysis.md shows a prompt and what is found in it: both must be so.

namespace vitals::text {
namespace {

struct Row {
  std::size_t line;
  std::string dimension, what, why, suggestion;
};

struct Page {
  std::string prompt;
  std::vector<Row> rows;
};

Page read_page() {
  static const std::regex numbered(R"(^ ?(\d+)(?:  (.*))?$)");
  static const std::regex row(R"(^\| (\d+) \| ([a-z ]+) \| (.*?) ?\| (.*) \| (.*) \|$)");
  std::ifstream file(std::string(VITALS_ROOT) + "/docs/prompt-analysis.md");
  Page page;
  std::smatch found;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, found, numbered)) page.prompt += found.str(2) + "\n";
    if (!std::regex_match(line, found, row)) continue;
    std::string dimension = found.str(2);
    std::replace(dimension.begin(), dimension.end(), ' ', '_');
    if (const auto s = dimension.find("organis"); s != std::string::npos) dimension[s + 6] = 'z';
    const std::string what = found.str(3).substr(0, found.str(3).find("…"));
    page.rows.push_back({std::stoul(found.str(1)), dimension, what, found.str(4), found.str(5)});
  }
  return page;
}

TEST_CASE("the findings on the page are found") {
  const Page page = read_page();
  REQUIRE(std::count(page.prompt.begin(), page.prompt.end(), '\n') == 21);
  REQUIRE(page.rows.size() == 10);
  const PromptAnalysis analysis = analyse_prompt(page.prompt);
  CHECK(analysis.findings.size() == 16);
  for (const Row& row : page.rows) {
    CAPTURE(row.line, row.dimension, row.what, row.why);
    CHECK(std::any_of(analysis.findings.begin(), analysis.findings.end(), [&](const Finding& f) {
      return f.line == row.line && f.what.substr(0, row.what.size()) == row.what &&
             model::kNumberFields[model::index(f.dimension)].name == row.dimension &&
             f.why == row.why && f.suggestion == row.suggestion;
    }));
  }
}

}  // namespace
}  // namespace vitals::text
