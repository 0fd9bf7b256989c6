#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::backtest {

/// One alert that a rule would have raised.
struct Incident {
  TimeMs pending_since = 0;
  TimeMs firing_since = 0;
  TimeMs resolved_at = 0;             ///< 0: it still fired at the end
  DurationMs duration_ms = 0;         ///< that it fired, up to the end
  std::optional<double> worst_value;  ///< the one furthest beyond the bound
  std::uint64_t samples = 0;          ///< behind it
};

/// The alerts of one group of executions, oldest first.
struct GroupReport {
  std::map<std::string, std::string> labels;  ///< by group_by field; absent ones left out
  std::uint64_t firings = 0;
  DurationMs firing_ms = 0;
  DurationMs longest_ms = 0;
  std::vector<Incident> incidents;
};

/// What a rule would have done within [from_ms, to_ms].
struct Report {
  std::string rule;
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  DurationMs step_ms = 0;  ///< between evaluations: times are exact to that
  std::uint64_t evaluations = 0;
  std::uint64_t events = 0;    ///< that were read, those before from_ms that fill windows included
  std::uint64_t readings = 0;  ///< of history, where the rule is judged on it …
  std::uint64_t readings_failed = 0;  ///< … and those without an answer: the one before stayed
  std::string failure;                ///< why, of the last one
  std::uint64_t firings = 0;
  DurationMs firing_ms = 0;  ///< of all alerts together
  double share = 0;          ///< of the time, that at least one alert fired
  DurationMs longest_ms = 0;
  std::vector<GroupReport> groups;  ///< those that fired, by labels
  bool truncated = false;  ///< further groups and incidents are counted above, but not listed
};

/// So many of them are listed.
inline constexpr std::size_t kGroupsListedMax = 1'000;
inline constexpr std::size_t kIncidentsListedMax = 10'000;

}  // namespace vitals::backtest
