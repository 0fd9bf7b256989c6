#pragma once

#include <map>
#include <string>
#include <vector>

#include <vitals/query/engine.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>

namespace vitals::rules {

/// A rule and where its history is read.
struct HistoryQuestion {
  const Rule& rule;
  const query::Engine& engine;
  const metrics::Metric& metric;
  metrics::Stat stat;

  bool total() const { return is_total(metric.info(), stat); }
  /// About the metric of the rule's executions and groups, in [from, to).
  query::MetricRequest request(TimeMs from, TimeMs to) const;
  /// What was answered, by group; `fields` are those it was grouped by.
  using Groups = std::map<Labels, query::Group>;
  Result<Groups> ask(const query::MetricRequest& request) const;
};

using HistoryAnswer = Result<std::vector<GroupReading>>;
HistoryAnswer read_deviation(const HistoryQuestion& question, const Deviation& deviation,
                             TimeMs now);
HistoryAnswer read_trend(const HistoryQuestion& question, const Trend& trend, TimeMs now);
HistoryAnswer read_better_version(const HistoryQuestion& question, const BetterVersion& better,
                                  TimeMs now);

}  // namespace vitals::rules
