#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <vitals/model/alert.h>
#include <vitals/model/filter.h>
#include <vitals/rules/rule.h>

namespace vitals::api {

/// What a silence comes to at present.
struct SilenceEffect {
  std::size_t matching_alerts = 0;    ///< open alerts that satisfy all matchers
  std::vector<std::string> warnings;  ///< what it is hardly meant to do, in words
};

/// Warns of a label that no alert can have, of a rule that there is not, and where nothing matches.
SilenceEffect effect_of(const std::vector<model::Filter>& matchers,
                        const std::vector<rules::Rule>& rules,
                        const std::vector<model::Alert>& open);

}  // namespace vitals::api
