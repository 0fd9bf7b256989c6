#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/text/prompt_analysis.h>

#include "shared_lines.h"

// The traits of prompts that people wrote: spread, and worse where the text has been spoilt.

namespace vitals::text {
namespace {

using model::Number;
using Texts = std::vector<std::string>;

/// The `text` of each line; none where the file is not there.
Texts read(const std::string& name) {
  Texts texts;
  for (const std::string& line : test::shared_lines("prompts/" + name)) {
    texts.push_back(nlohmann::json::parse(line)["text"]);
  }
  if (texts.empty()) WARN("prompts/" << name << " is not there: nothing is checked");
  return texts;
}

/// Of one trait, without the texts that have none.
std::vector<double> values(const Texts& texts, Number dimension) {
  const auto at = std::find(model::kTraits.begin(), model::kTraits.end(), dimension);
  std::vector<double> values;
  for (const std::string& text : texts) {
    const double value =
        analyse_prompt(text).traits[static_cast<std::size_t>(at - model::kTraits.begin())];
    if (!std::isnan(value)) values.push_back(value);
  }
  return values;
}

double mean(const Texts& texts, Number dimension) {
  double sum = 0;
  const std::vector<double> all = values(texts, dimension);
  for (const double value : all) sum += value;
  return sum / static_cast<double>(all.size());
}

/// Each line as `change` makes it.
Texts changed(const Texts& texts, const std::function<std::string(const std::string&)>& change) {
  Texts all;
  for (const std::string& text : texts) {
    std::istringstream lines(text);
    std::string spoilt;
    for (std::string line; std::getline(lines, line);) spoilt += change(line);
    all.push_back(spoilt);
  }
  return all;
}

std::function<std::string(const std::string&)> items_begin_with(const std::string& words) {
  return [words](const std::string& line) {
    return line.substr(0, 2) == "- " ? "- " + words + line.substr(2) + "\n" : line + "\n";
  };
}

TEST_CASE("no trait of a real prompt is low without a finding") {
  Texts texts = read("awesome-chatgpt-prompts.jsonl.gz");
  const Texts more = read("fabric-patterns.jsonl.gz");
  texts.insert(texts.end(), more.begin(), more.end());
  for (const std::string& text : texts) {
    // Whole, and as its first lines: short texts are low for other reasons.
    for (const std::size_t bytes : {text.size(), std::size_t{60}, std::size_t{400}}) {
      const PromptAnalysis analysis = analyse_prompt(std::string_view(text).substr(0, bytes));
      for (std::size_t i = 0; i < model::kTraitCount; ++i) {
        const Number dimension = model::kTraits[i];
        const double value = analysis.traits[i];
        const bool low = dimension == Number::redundancy ? value > 0.2 : value < 4.999;
        if (!low) continue;
        CAPTURE(text.substr(0, bytes), model::kNumberFields[model::index(dimension)].name, value);
        CHECK(std::any_of(analysis.findings.begin(), analysis.findings.end(),
                          [&](const Finding& finding) { return finding.dimension == dimension; }));
      }
    }
  }
}

TEST_CASE("real prompts differ in every trait") {
  Texts texts = read("awesome-chatgpt-prompts.jsonl.gz");
  const Texts more = read("fabric-patterns.jsonl.gz");
  texts.insert(texts.end(), more.begin(), more.end());
  if (texts.empty()) {
    WARN("skipped: set VITALS_SHARED to the folder that has data/prompts");
    return;
  }
  for (const Number dimension : model::kTraits) {
    CAPTURE(model::kNumberFields[model::index(dimension)].name);
    std::vector<double> all = values(texts, dimension);
    CHECK(all.size() > 0.95 * static_cast<double>(texts.size()));
    std::sort(all.begin(), all.end());
    const double low = all[all.size() / 10], high = all[all.size() - all.size() / 10];
    CHECK(high - low > (dimension == Number::redundancy ? 0.1 : 2));
    CHECK(std::count(all.begin(), all.end(), 10.0) < 20);
  }
}

TEST_CASE("spoilt prompts have worse traits") {
  const Texts all = read("fabric-patterns.jsonl.gz");
  if (all.empty()) {
    WARN("skipped: set VITALS_SHARED to the folder that has data/prompts");
    return;
  }
  Texts texts;  // neighbours are revisions of one prompt
  for (std::size_t i = 0; i < all.size(); i += 5) texts.push_back(all[i]);
  const auto loses = [&](Number dimension, const Texts& spoilt) {
    return mean(texts, dimension) - mean(spoilt, dimension);
  };
  const Texts flat = changed(texts, [](const std::string& line) {
    const bool bullet = line.substr(0, 2) == "- ";
    return line.substr(0, 1) == "#" ? " " : line.substr(bullet ? 2 : 0) + " ";
  });
  CHECK(loses(Number::hierarchy_clarity, flat) > 3);
  CHECK(loses(Number::section_organization, flat) > 4);
  CHECK(loses(Number::logical_flow, flat) > 0.5);

  const Texts hedged = changed(texts, items_begin_with("If possible, maybe try to "));
  CHECK(loses(Number::instruction_precision, hedged) > 1);

  const Texts padded =
      changed(texts, items_begin_with("It is important to note that in order to "));
  CHECK(loses(Number::information_density, padded) > 2);

  const Texts vague = changed(texts, [](std::string line) {
    for (std::size_t at = 0; (at = line.find_first_of("0123456789", at)) != std::string::npos;) {
      const std::size_t end = std::min(line.find_first_not_of("0123456789", at), line.size());
      line.replace(at, end - at, "some");
    }
    return line + "\n";
  });
  CHECK(loses(Number::language_specificity, vague) > 1);

  Texts doubled;
  for (const std::string& text : texts) doubled.push_back(text + "\n" + text);
  CHECK(loses(Number::redundancy, doubled) < -0.3);

  Texts cut;
  for (const std::string& text : texts) cut.push_back(text.substr(0, 200));
  CHECK(loses(Number::context_completeness, cut) > 2);
}

}  // namespace
}  // namespace vitals::text
