#pragma once

#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/alert.h>
#include <vitals/model/filter.h>

namespace vitals::model {

/// A condition on a label of an alert, written like a filter on executions: `team:search`,
/// `prompt:support/*`, `severity:!critical`. Any label can be named; `rule` is the rule's name.
Result<Filter> parse_matcher(std::string_view text);

/// Whether the alert satisfies all of them.
bool matches(const std::vector<Filter>& matchers, const Alert& alert);

}  // namespace vitals::model
