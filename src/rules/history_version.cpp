#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include <vitals/base/number_text.h>

#include "history_question.h"

namespace vitals::rules {
namespace {

constexpr const char* kVersion = "version";
constexpr DurationMs kNewestParts = 10;

/// By version; executions without one are none.
using Versions = std::map<std::string, query::Group>;

/// By group of the rule.
Result<std::map<Labels, Versions>> ask(const HistoryQuestion& question,
                                       query::MetricRequest request) {
  request.group_by.emplace_back(kVersion);
  auto answer = question.ask(request);
  if (!answer) return std::move(answer).error();
  std::map<Labels, Versions> groups;
  for (auto& [labels, group] : *answer) {
    Labels rest = labels;
    const auto version = rest.extract(kVersion);
    if (version) groups[std::move(rest)].emplace(version.mapped(), std::move(group));
  }
  return groups;
}

/// The version with most executions; null without any.
const std::string* busiest(const Versions& versions) {
  const auto most = std::max_element(
      versions.begin(), versions.end(),
      [](const auto& a, const auto& b) { return a.second.count < b.second.count; });
  return most == versions.end() || most->second.count == 0 ? nullptr : &most->first;
}

std::string interval_text(const metrics::Interval& interval) {
  return fmt::format("{} to {}", number_text(interval.low), number_text(interval.high));
}

Reading judge(const HistoryQuestion& question, const Versions& versions,
              const std::string& current) {
  const bool higher = question.metric.info().direction == metrics::Direction::higher_is_better;
  const auto known = [&](const query::Group& group) {
    return group.interval && group.count >= question.rule.min_samples;
  };
  Reading reading;
  reading.clears = false;
  const auto at = versions.find(current);
  if (at == versions.end()) return reading;
  const query::Group& own = at->second;
  reading.value = own.value;
  reading.samples = own.count;
  if (!known(own)) return reading;

  // The end of an interval that is nearer to the others' better side.
  const auto near = [&](const query::Group& group) {
    return higher ? group.interval->low : -group.interval->high;
  };
  const double far = higher ? own.interval->high : -own.interval->low;
  const std::pair<const std::string, query::Group>* best = nullptr;
  for (const auto& version : versions) {
    if (version.first == current || !known(version.second) || near(version.second) <= far) continue;
    if (best == nullptr || near(version.second) > near(best->second)) best = &version;
  }
  reading.holds = best != nullptr;
  reading.clears = !reading.holds;
  if (best == nullptr) return reading;
  reading.threshold = best->second.value;
  reading.against = "version " + best->first;
  reading.words = {{"version", current},
                   {"better_version", best->first},
                   {"interval", interval_text(*own.interval)},
                   {"better_interval", interval_text(*best->second.interval)}};
  return reading;
}

}  // namespace

HistoryAnswer read_better_version(const HistoryQuestion& question, const BetterVersion& better,
                                  TimeMs now) {
  const metrics::MetricInfo& info = question.metric.info();
  if (info.direction == metrics::Direction::neutral) {
    return Error{Errc::unprocessable, "no value of '" + info.name + "' is better than another"};
  }
  query::MetricRequest request = question.request(now + 1 - better.window_ms, now + 1);
  request.confidence = better.confidence;
  const auto all = ask(question, request);
  if (!all) return all.error();

  query::MetricRequest newest = request;
  newest.from_ms = now + 1 - std::max<DurationMs>(better.window_ms / kNewestParts, 1);
  newest.metric = "executions";
  newest.stat_given = false;
  newest.confidence = 0;
  const auto lately = ask(question, newest);
  if (!lately) return lately.error();

  std::vector<GroupReading> readings;
  for (const auto& [labels, versions] : *all) {
    const auto recent = lately->find(labels);
    const std::string* current = recent == lately->end() ? nullptr : busiest(recent->second);
    if (current == nullptr) current = busiest(versions);
    if (current == nullptr) continue;
    readings.push_back({labels, judge(question, versions, *current)});
  }
  return readings;
}

}  // namespace vitals::rules
