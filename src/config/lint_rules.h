#pragma once

#include <string>
#include <vector>

#include <vitals/metrics/metric.h>
#include <vitals/rules/rule.h>

namespace vitals::config {

/// What makes sense, but hardly what anybody wants: `file:line: key: reason`.
std::vector<std::string> lint(const rules::Rule& rule, const metrics::Catalogue& catalogue);

}  // namespace vitals::config
