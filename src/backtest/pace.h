#pragma once

#include <vector>

#include <vitals/base/clock.h>
#include <vitals/rules/rule.h>

namespace vitals::backtest {

/// How often rules are evaluated over a range: with each step of the quickest window, at least four
/// times within a `for`, once a minute at least, and not more often than is affordable.
DurationMs pace_of(const std::vector<rules::Rule>& rules, DurationMs range_ms);

}  // namespace vitals::backtest
