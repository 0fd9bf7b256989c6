#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/model/fields.h>
#include <vitals/model/prompt.h>

namespace vitals::text {

/// Something a writer can mend.
struct Finding {
  model::Number dimension{};  ///< one of model::kTraits
  std::size_t line = 0;       ///< from 1
  std::string what;           ///< the words found, cut at 80 bytes; "" where something is missing
  std::string why;
  std::string suggestion;
};

struct Counts {
  std::size_t bytes = 0;
  std::size_t lines = 0;
  std::size_t words = 0;  ///< outside of code
  std::size_t sentences = 0;
  std::size_t sections = 0;          ///< with a heading or a label
  std::size_t estimated_tokens = 0;  ///< of all the text, by docs/prompt-analysis.md#tokens
};

struct PromptAnalysis {
  model::Traits traits{};
  Counts counts;
  /// False for a text that is not English, or too little of it to know: the dimensions of language
  /// are absent then.
  bool english = true;
  std::vector<Finding> findings;  ///< by line, then by dimension
  std::size_t findings_left_out = 0;
};

/// The most findings that are kept for one dimension, the first ones of the text.
inline constexpr std::size_t kFindingsMax = 25;

/// How a prompt is written, by fixed rules; docs/prompt-analysis.md has each dimension with its
/// formula and its literature. The same text gives the same numbers. Takes any
/// bytes, in time and memory proportional to their number. Pure; from any thread.
PromptAnalysis analyse_prompt(std::string_view text);

}  // namespace vitals::text
