#include "pace.h"

#include <algorithm>
#include <array>
#include <variant>

#include <vitals/backtest/backtest.h>
#include <vitals/base/clock.h>

namespace vitals::backtest {
namespace {

/// What people think in.
constexpr std::array<DurationMs, 14> kRound{
    1 * kSecondMs,  2 * kSecondMs,  5 * kSecondMs,  10 * kSecondMs, 15 * kSecondMs,
    30 * kSecondMs, 1 * kMinuteMs,  2 * kMinuteMs,  5 * kMinuteMs,  10 * kMinuteMs,
    15 * kMinuteMs, 30 * kMinuteMs, 60 * kMinuteMs, 120 * kMinuteMs};

DurationMs rounded_up(DurationMs step_ms) {
  const auto round = std::lower_bound(kRound.begin(), kRound.end(), step_ms);
  return round == kRound.end() ? step_ms : *round;
}

DurationMs quickest_window(const rules::Rule& rule) {
  DurationMs window_ms = rules::span_of(rule);
  if (const auto* burn_rate = std::get_if<rules::BurnRate>(&rule.condition)) {
    for (const auto& pair : burn_rate->windows) window_ms = std::min(window_ms, pair.short_ms);
  }
  return window_ms;
}

/// Windows move in sixtieths.
DurationMs useful(const rules::Rule& rule, DurationMs range_ms) {
  if (rules::is_on_history(rule)) return reading_pace_of(rule, range_ms);
  DurationMs step_ms = std::min(quickest_window(rule) / 60, kMinuteMs);
  if (rule.for_ms > 0) step_ms = std::min(step_ms, rule.for_ms / 4);
  return std::max(step_ms, kSecondMs);
}

}  // namespace

DurationMs pace_of(const std::vector<rules::Rule>& rules, DurationMs range_ms) {
  DurationMs step_ms = range_ms;
  for (const rules::Rule& rule : rules) step_ms = std::min(step_ms, useful(rule, range_ms));
  const DurationMs affordable_ms = range_ms / kEvaluationsMax + 1;
  return affordable_ms <= step_ms ? step_ms : rounded_up(affordable_ms);
}

DurationMs reading_pace_of(const rules::Rule& rule, DurationMs range_ms) {
  return std::max(rule.every_ms, rounded_up(range_ms / kReadingsMax + 1));
}

}  // namespace vitals::backtest
