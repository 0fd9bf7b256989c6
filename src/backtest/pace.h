#pragma once

#include <vector>

#include <vitals/base/clock.h>
#include <vitals/rules/rule.h>

namespace vitals::backtest {

/// How often rules are evaluated over a range: with each step of the quickest window, at least four
/// times within a `for`, once a minute at least, and not more often than is affordable. Rules that
/// are judged on history: whenever that is read.
DurationMs pace_of(const std::vector<rules::Rule>& rules, DurationMs range_ms);

/// How often history is read for a rule that is judged on it: as the rule says, if affordable.
DurationMs reading_pace_of(const rules::Rule& rule, DurationMs range_ms);

}  // namespace vitals::backtest
