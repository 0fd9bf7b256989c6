#include <vitals/rules/history.h>

#include "history_question.h"

namespace vitals::rules {
namespace {

/// Of one query; a rule asks a few.
constexpr DurationMs kDeadlineMs = 5'000;

}  // namespace

query::MetricRequest HistoryQuestion::request(TimeMs from, TimeMs to) const {
  query::MetricRequest request;
  request.metric = metric.info().name;
  request.stat = stat;
  request.stat_given = metric.info().takes_stat;
  request.from_ms = from;
  request.to_ms = to;
  request.group_by = rule.group_by;
  request.filters = rule.filters;
  request.deadline_ms = kDeadlineMs;
  return request;
}

Result<HistoryQuestion::Groups> HistoryQuestion::ask(const query::MetricRequest& request) const {
  auto answer = engine.metric(request);
  if (!answer) return std::move(answer).error();
  Groups groups;
  for (query::Group& group : answer->groups) {
    Labels labels;
    for (std::size_t i = 0; i < request.group_by.size(); ++i) {
      if (!group.labels[i].empty()) labels.emplace(request.group_by[i], group.labels[i]);
    }
    groups.emplace(std::move(labels), std::move(group));
  }
  return groups;
}

Result<std::vector<GroupReading>> read_history(const Rule& rule, const query::Engine& engine,
                                               const metrics::Catalogue& catalogue, TimeMs now) {
  const auto ask = [&](const auto& condition, const auto& read) -> HistoryAnswer {
    const metrics::Metric* metric = catalogue.find(condition.metric);
    if (metric == nullptr) {
      return Error{Errc::invalid_argument, "unknown metric '" + condition.metric + "'"};
    }
    return read({rule, engine, *metric, condition.stat}, condition, now);
  };
  if (const auto* deviation = std::get_if<Deviation>(&rule.condition)) {
    return ask(*deviation, read_deviation);
  }
  if (const auto* trend = std::get_if<Trend>(&rule.condition)) return ask(*trend, read_trend);
  if (const auto* better = std::get_if<BetterVersion>(&rule.condition)) {
    return ask(*better, read_better_version);
  }
  return Error{Errc::invalid_argument, "rule '" + rule.name + "' is not about history"};
}

}  // namespace vitals::rules
