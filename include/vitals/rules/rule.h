#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/model/filter.h>
#include <vitals/model/schedule.h>

namespace vitals::rules {

enum class Comparison : std::uint8_t { below, above };

// What a rule watches. These are judged live, on what the windows hold:

/// The metric's value over the rule's window lies beyond the bound.
struct Threshold {
  std::string metric = {};  ///< of the catalogue
  metrics::Stat stat = {};
  Comparison comparison = Comparison::below;
  double bound = 0;
  std::optional<double> clear =
      {};                 ///< it is well again only at or within this; nothing: the bound
  double confidence = 0;  ///< > 0, in percent: the whole interval must lie beyond the bound
};

/// No event came for this long.
struct Absence {
  DurationMs absent_ms = 0;
};

/// The error budget of a success rate is used up too quickly: over both windows of a pair, the
/// share of errors is more than `factor` times what the objective allows (Google, The Site
/// Reliability Workbook, 2018, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts").
struct BurnRate {
  struct Pair {
    DurationMs long_ms = 0;
    DurationMs short_ms = 0;
    double factor = 1;
  };
  double objective = 99;  ///< percent of executions that are to succeed
  std::vector<Pair> windows;
};

/// All, or any, of other rules are firing.
struct Composite {
  bool all = true;
  std::vector<std::string> rules;
};

/// A component of the daemon is not well; each has an alert of its own, with the label `component`.
struct Unhealthy {
  std::vector<std::string> components;  ///< of kComponents
};
inline constexpr std::array<std::string_view, 5> kComponents{"store", "spine", "outbox", "disk",
                                                             "clock"};

// These are judged on history, every Rule::every_ms (rules/history.h):

/// The metric's value over the rule's window differs from its baseline by so much.
struct Deviation {
  enum class Against : std::uint8_t { same_hour_last_week, trailing };
  enum class Direction : std::uint8_t { either, up, down };
  std::string metric = {};
  metrics::Stat stat = {};
  Against against = Against::same_hour_last_week;
  DurationMs trailing_ms = 7 * kDayMs;  ///< of the trailing baseline
  double by_percent = 50;
  Direction direction = Direction::either;
};

/// The metric's slope over the last `over_ms` takes it to the bound within `reached_within_ms`.
struct Trend {
  std::string metric = {};
  metrics::Stat stat = {};
  Comparison comparison = Comparison::below;
  double bound = 0;
  DurationMs over_ms = 6LL * 3'600'000;
  DurationMs reached_within_ms = kHourMs;
};

/// Another version of the same prompt does better: its interval of the metric lies wholly on the
/// better side of the current one's.
struct BetterVersion {
  std::string metric = "overall_performance_score";
  metrics::Stat stat = {};
  double confidence = 95;  ///< percent
  DurationMs window_ms = kDayMs;
};

using Condition = std::variant<Threshold, Absence, BurnRate, Composite, Unhealthy, Deviation, Trend,
                               BetterVersion>;

/// One alert rule, as a rule file states it. A plain value.
struct Rule {
  std::string name;  ///< unique
  Condition condition;
  /// Of a threshold or a deviation. Rates (throughput, stat rate) are per second of the whole of
  /// it, although up to its oldest sixtieth may not be counted any more (see Windows).
  DurationMs window_ms = 300'000;
  DurationMs every_ms = 300'000;  ///< how often history is read
  DurationMs for_ms = 0;          ///< must hold this long before it fires
  DurationMs keep_firing_ms = 0;  ///< must be well this long before it resolves
  std::uint64_t min_samples = 1;
  std::optional<model::Schedule> schedule;  ///< outside it nothing begins
  std::vector<model::Filter> filters;
  std::vector<std::string> group_by;
  model::Severity severity = model::Severity::warning;
  DurationMs response_ms = 0;  ///< so soon somebody must acknowledge it; 0: no clock runs
  std::string action;          ///< of the configured recovery actions; "" for none
  std::map<std::string, std::string> labels;  ///< added to every alert: tier, team, …
  /// summary, description, runbook_url, …; may use {{value}} {{threshold}} {{unit}} {{samples}}
  /// {{window}} {{since}} {{rule}} {{metric}} {{severity}}, {{labels.NAME}}, and the words of the
  /// condition (words_of()).
  std::map<std::string, std::string> annotations;
  std::string source;  ///< file:line, for messages
};

/// Whether the condition is judged on history.
bool is_on_history(const Rule& rule);
/// "" where the condition is about no metric.
std::string_view metric_of(const Rule& rule);
/// The default where the condition is about no metric.
metrics::Stat stat_of(const Rule& rule);
/// How far back what it judges reaches: its longest window.
DurationMs span_of(const Rule& rule);
/// What Reading::words of such a condition say, as {{NAME}} in annotations.
std::vector<std::string_view> words_of(const Condition& condition);

}  // namespace vitals::rules
