#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/text/prompt_analysis.h>

#include "../prompt.h"

namespace vitals::text {

/// Takes what one dimension finds, in the order of the text.
class Findings {
 public:
  explicit Findings(model::Number dimension) : dimension_(dimension) {}

  /// `line` counts from 0, as in Document. The same words on the same line are kept once.
  void add(std::size_t line, std::string_view what, std::string why, std::string suggestion);

  std::vector<Finding> found;
  std::size_t left_out = 0;

 private:
  model::Number dimension_;
};

/// A dimension below this that found nothing says which of its terms costs most.
inline constexpr double kLow = 5;

/// 0–10, redundancy 0–1; nothing where the text does not tell.
using Measure = std::optional<double> (*)(const Prompt&, Findings&);

std::optional<double> language_specificity(const Prompt&, Findings&);
std::optional<double> instruction_precision(const Prompt&, Findings&);
std::optional<double> context_completeness(const Prompt&, Findings&);
std::optional<double> redundancy(const Prompt&, Findings&);
std::optional<double> information_density(const Prompt&, Findings&);
std::optional<double> logical_flow(const Prompt&, Findings&);
std::optional<double> hierarchy_clarity(const Prompt&, Findings&);
std::optional<double> section_organization(const Prompt&, Findings&);

/// n / (n + half): 0 for none, ½ at `half`, towards 1.
inline double saturated(double n, double half) { return n / (n + half); }

}  // namespace vitals::text
