#include <algorithm>
#include <cmath>
#include <vector>

#include <vitals/analytics/trend.h>
#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>

#include "history_question.h"

namespace vitals::rules {
namespace {

constexpr DurationMs kPoints = 48;
constexpr std::size_t kPointsMin = 8;
constexpr double kChance = 0.05;

/// Whole minutes, or whole seconds of short spans.
DurationMs step_of(DurationMs over_ms) {
  const DurationMs unit = over_ms >= kPoints * kMinuteMs ? kMinuteMs : 1'000;
  return std::max<DurationMs>((over_ms / kPoints + unit - 1) / unit, 1) * unit;
}

/// Averages of parts that rest on next to nothing say nothing; a total that is missing is 0.
std::vector<analytics::Sample> samples_of(const query::Group& group, bool total) {
  std::vector<std::uint64_t> counts;
  for (const query::Point& point : group.points) {
    if (point.value) counts.push_back(point.count);
  }
  std::sort(counts.begin(), counts.end());
  const std::uint64_t usual = counts.empty() ? 0 : counts[counts.size() / 2];
  std::vector<analytics::Sample> samples;
  for (const query::Point& point : group.points) {
    if (!total && (!point.value || 4 * point.count < usual)) continue;
    samples.push_back({static_cast<double>(point.time_ms) / kHourMs, point.value.value_or(0)});
  }
  return samples;
}

/// In minutes, which is exact enough for what is to come.
std::string reached_in(double hours) {
  if (hours <= 0) return "0s";
  const auto minutes = static_cast<DurationMs>(std::ceil(hours * 60));
  return format_duration(std::max<DurationMs>(minutes, 1) * kMinuteMs);
}

Reading judge(const analytics::Trend& line, const Trend& trend) {
  const bool below = trend.comparison == Comparison::below;
  const bool beyond = below ? line.level < trend.bound : line.level > trend.bound;
  const auto time = analytics::time_to_reach(line, trend.bound);
  const bool in_time = time && *time * kHourMs <= static_cast<double>(trend.reached_within_ms);
  Reading reading;
  reading.holds = beyond || (in_time && line.p_value < kChance && line.slope != 0);
  reading.clears = !reading.holds;
  reading.value = line.level;
  reading.threshold = trend.bound;
  if (reading.holds) reading.words = {{"reached_in", reached_in(beyond ? 0 : *time)}};
  return reading;
}

}  // namespace

HistoryAnswer read_trend(const HistoryQuestion& question, const Trend& trend, TimeMs now) {
  const DurationMs step = step_of(trend.over_ms);
  const TimeMs to = now / step * step;  // a part that is not over would be a low total
  query::MetricRequest request = question.request(to - kPoints * step, to);
  request.step_ms = step;
  auto groups = question.ask(request);
  if (!groups) return std::move(groups).error();

  std::vector<GroupReading> readings;
  for (const auto& [labels, group] : *groups) {
    const auto samples = samples_of(group, question.total());
    const auto line = analytics::robust_trend(samples);
    Reading reading;
    reading.clears = false;
    if (line && samples.size() >= kPointsMin && group.count >= question.rule.min_samples) {
      reading = judge(*line, trend);
    }
    reading.samples = group.count;
    readings.push_back({labels, std::move(reading)});
  }
  return readings;
}

}  // namespace vitals::rules
