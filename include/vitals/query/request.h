#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/filter.h>
#include <vitals/series/resolution.h>

namespace vitals::query {

/// Every label of the group that small groups are added up in.
inline constexpr std::string_view kOther = "other";

enum class Order : std::uint8_t { labels, value, value_descending, count, count_descending };

/// A question about one metric. [from_ms, to_ms) is half-open and exact to the millisecond.
struct MetricRequest {
  std::string metric;
  metrics::Stat stat;
  bool stat_given = false;
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  DurationMs step_ms = 0;  ///< 0: one value per group
  std::vector<std::string> group_by;
  std::vector<model::Filter> filters;  ///< user and session already pseudonymised
  /// Coarsest source that may be used; nothing is the planner's choice, raw is `raw_only`.
  std::optional<series::Resolution> resolution;
  bool raw_only = false;
  Order order = Order::labels;
  std::optional<std::uint32_t> limit;  ///< of groups; nothing is the most: Options::groups_max
  /// Where users or sessions are grouped or filtered by, groups of fewer executions are added up in
  /// one that is labelled kOther and comes last; should that have fewer too, nothing is said of it.
  /// 0: every group is told.
  std::uint32_t min_group = 0;
  /// Asks for intervals too, two-sided, in percent: above 0, below 100. 0: for none.
  double confidence = 0;
  /// Given up after this time already, if that is before Options::deadline_ms.
  std::optional<DurationMs> deadline_ms;
};

struct Point {
  TimeMs time_ms;  ///< bucket start
  std::optional<double> value;
  std::uint64_t count;
};

struct Group {
  /// In the order of group_by; "" is absent.
  std::vector<std::string> labels;
  std::optional<double> value;
  std::uint64_t count = 0;
  /// Where the value may as well lie, if that was asked for and the executions tell.
  std::optional<metrics::Interval> interval;
  std::vector<Point> points;  ///< with a step: every bucket of the range, in order
};

struct MetricAnswer {
  const metrics::MetricInfo* info = nullptr;
  std::string stat;  ///< "" for defined metrics
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  DurationMs step_ms = 0;
  std::string resolution;  ///< coarsest source used: raw, 1m, 1h, 1d
  std::vector<Group> groups;
  bool truncated = false;  ///< `limit` left groups out
  bool estimated = false;  ///< a quantile from sketches, within 1 %
  bool folded = false;     ///< by `min_group`, whether there was such a group or not
};

/// A page of raw executions, newest first.
struct ExecutionsRequest {
  std::vector<model::Filter> filters;
  std::optional<TimeMs> from_ms;
  std::optional<TimeMs> to_ms;
  std::string cursor;  ///< "" is the start
  std::uint32_t limit = 100;
  bool unjoined = false;                  ///< instead, feedback whose execution never came
  std::optional<DurationMs> deadline_ms;  ///< as in a MetricRequest
};

}  // namespace vitals::query
