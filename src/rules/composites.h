#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>

#include "rule_state.h"

namespace vitals::rules {

/// The rules, each after those that it is composed of. Error: invalid_argument naming a rule that
/// does not exist, or rules that are composed of one another.
Result<std::vector<std::size_t>> judging_order(const std::vector<Rule>& rules);

/// The fields by which the alerts of a rule are told apart. Those of a composite rule, unless it
/// says so itself, are the fields that all its rules with groups have; `of_rules` are those of the
/// rules that it names, in their order.
std::vector<std::string> group_fields(const Rule& rule,
                                      const std::vector<std::vector<std::string>>& of_rules);

/// The groups for which all, or any, of the rules fire. A rule that lacks some of the fields counts
/// for all groups that agree in the others.
std::vector<GroupReading> compose(const Composite& composite,
                                  const std::vector<std::string>& fields,
                                  const std::vector<const RuleState*>& rules);

}  // namespace vitals::rules
