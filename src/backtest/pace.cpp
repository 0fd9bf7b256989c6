#include "pace.h"

#include <algorithm>
#include <array>

#include <vitals/backtest/backtest.h>

namespace vitals::backtest {
namespace {

constexpr DurationMs kSecond = 1'000;
constexpr DurationMs kMinute = 60 * kSecond;
/// What people think in.
constexpr std::array<DurationMs, 12> kRound{1 * kSecond,  2 * kSecond,  5 * kSecond,  10 * kSecond,
                                            15 * kSecond, 30 * kSecond, 1 * kMinute,  2 * kMinute,
                                            5 * kMinute,  10 * kMinute, 15 * kMinute, 30 * kMinute};

/// The window moves in sixtieths.
DurationMs useful(const rules::Rule& rule) {
  const DurationMs window_ms = span_of(rule);
  DurationMs step_ms = std::min(window_ms / 60, kMinute);
  if (rule.for_ms > 0) step_ms = std::min(step_ms, rule.for_ms / 4);
  return std::max(step_ms, kSecond);
}

}  // namespace

DurationMs pace_of(const std::vector<rules::Rule>& rules, DurationMs range_ms) {
  DurationMs step_ms = kMinute;
  for (const rules::Rule& rule : rules) step_ms = std::min(step_ms, useful(rule));
  const DurationMs affordable_ms = range_ms / kEvaluationsMax + 1;
  if (affordable_ms <= step_ms) return step_ms;
  const auto round = std::lower_bound(kRound.begin(), kRound.end(), affordable_ms);
  return round == kRound.end() ? affordable_ms : *round;
}

}  // namespace vitals::backtest
