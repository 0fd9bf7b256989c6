#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/metrics/metric.h>
#include <vitals/rules/rule.h>

namespace vitals::rules {

/// Whether every rule makes sense by itself and their names are unique. The error names the rule,
/// where it comes from, the field and the reason. `memory_ms`: how long groups are remembered.
Status check_rules(const std::vector<Rule>& rules, const metrics::Catalogue& catalogue,
                   DurationMs memory_ms);

/// The same of the fields by which a rule's alerts are told apart; `of_parts` are those of the
/// rules that it is composed of.
Status check_fields(const Rule& rule, const std::vector<std::string>& fields,
                    const std::vector<std::vector<std::string>>& of_parts);

/// `file:line: rule 'name': field: reason`.
Error rule_error(const Rule& rule, std::string_view field, std::string_view reason);

}  // namespace vitals::rules
