#include <algorithm>
#include <iterator>
#include <utility>

#include <vitals/text/prompt_analysis.h>

#include "dimensions/dimension.h"
#include "prompt.h"
#include "tokens.h"

namespace vitals::text {
namespace {

constexpr std::size_t kWhatBytes = 80;

struct Dimension {
  model::Number trait;
  Measure measure;
};
constexpr Dimension kDimensions[] = {
    {model::Number::language_specificity, language_specificity},
    {model::Number::instruction_precision, instruction_precision},
    {model::Number::context_completeness, context_completeness},
    {model::Number::redundancy, redundancy},
    {model::Number::information_density, information_density},
    {model::Number::logical_flow, logical_flow},
    {model::Number::hierarchy_clarity, hierarchy_clarity},
    {model::Number::section_organization, section_organization},
};
static_assert(std::size(kDimensions) == model::kTraitCount);

constexpr bool in_order_of_traits() {
  for (std::size_t i = 0; i < model::kTraitCount; ++i) {
    if (kDimensions[i].trait != model::kTraits[i]) return false;
  }
  return true;
}
static_assert(in_order_of_traits());

/// On one line, and cut before a sign rather than in it.
std::string shortened(std::string_view text) {
  std::string shown(text.substr(0, kWhatBytes));
  if (text.size() > kWhatBytes) {
    while (!shown.empty() && (static_cast<unsigned char>(text[shown.size()]) & 0xC0) == 0x80) {
      shown.pop_back();
    }
    shown += "…";
  }
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return shown;
}

Counts count(std::string_view text, const Prompt& prompt) {
  Counts counts;
  counts.bytes = text.size();
  counts.lines = prompt.document.lines().size();
  counts.words = prompt.document.words().size();
  counts.sentences = prompt.document.sentences().size();
  for (const Section& section : prompt.document.sections()) {
    counts.sections += section.heading ? 1 : 0;
  }
  counts.estimated_tokens = estimate_tokens(text);
  return counts;
}

}  // namespace

void Findings::add(std::size_t line, std::string_view what, std::string why,
                   std::string suggestion) {
  Finding finding{dimension_, line + 1, shortened(what), std::move(why), std::move(suggestion)};
  for (auto last = found.rbegin(); last != found.rend() && last->line == finding.line; ++last) {
    if (last->what == finding.what && last->why == finding.why) return;
  }
  if (found.size() == kFindingsMax) {
    ++left_out;
  } else {
    found.push_back(std::move(finding));
  }
}

PromptAnalysis analyse_prompt(std::string_view text) {
  const Prompt prompt(text);
  PromptAnalysis analysis;
  analysis.counts = count(text, prompt);
  analysis.english = prompt.english;
  for (std::size_t i = 0; i < model::kTraitCount; ++i) {
    Findings findings(kDimensions[i].trait);
    analysis.traits[i] = kDimensions[i].measure(prompt, findings).value_or(model::kAbsent);
    std::move(findings.found.begin(), findings.found.end(), std::back_inserter(analysis.findings));
    analysis.findings_left_out += findings.left_out;
  }
  std::stable_sort(analysis.findings.begin(), analysis.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.line < b.line; });
  return analysis;
}

}  // namespace vitals::text
