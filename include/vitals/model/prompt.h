#pragma once

#include <array>
#include <cstddef>
#include <string>

#include <vitals/base/clock.h>
#include <vitals/model/fields.h>

namespace vitals::model {

/// The numbers of an execution that its prompt's text decides.
inline constexpr std::array kTraits{Number::language_specificity, Number::instruction_precision,
                                    Number::context_completeness, Number::redundancy,
                                    Number::information_density,  Number::logical_flow,
                                    Number::hierarchy_clarity,    Number::section_organization};
inline constexpr std::size_t kTraitCount = kTraits.size();

/// One value per trait, in the order of kTraits: 0–10, redundancy 0–1; kAbsent where the text does
/// not tell.
using Traits = std::array<double, kTraitCount>;

/// One version of a prompt, as it was registered.
struct PromptVersion {
  std::string prompt;
  std::string version;
  std::string text;
  std::string parent;  ///< the version that it was made from; "" when not known
  std::string author;
  TimeMs registered_at = 0;
  Traits traits{};  ///< of the text
};

}  // namespace vitals::model
