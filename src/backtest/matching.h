#pragma once

#include <optional>
#include <vector>

#include <vitals/backtest/rule_tests.h>
#include <vitals/model/alert.h>

namespace vitals::backtest {

/// Holds open alerts, of all rules, against what is expected of them; nothing when it is met: every
/// expected alert has an open one of its own that satisfies it, and none is left.
std::optional<Failure> hold_against(const Expectation& expected,
                                    const std::vector<model::Alert>& open);

}  // namespace vitals::backtest
