#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/metrics/metric.h>
#include <vitals/rules/rule.h>

#include "section.h"

namespace vitals::config {

/// What a rule watches; what makes no sense is reported.
void read_condition(Section& section, const metrics::Catalogue& catalogue, rules::Rule& rule);

/// What a part of a rule lacks of a condition, as keys that make one of it.
std::vector<Node> missing_condition(const Node& part);

/// `metric` and `stat`, where the section has to name one.
void read_metric(Section& section, const metrics::Catalogue& catalogue, std::string& metric,
                 metrics::Stat& stat);

/// `below: n` or `above: n`, exactly one of them.
void read_bound(Section& section, rules::Comparison& comparison, double& bound);

// Those that are judged on history:
rules::Deviation read_deviation(Section& section, const metrics::Catalogue& catalogue);
rules::Trend read_trend(Section& section, const metrics::Catalogue& catalogue);
rules::BetterVersion read_better_version(Section section, const metrics::Catalogue& catalogue);

}  // namespace vitals::config
