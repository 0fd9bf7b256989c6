#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <vitals/base/clock.h>
#include <vitals/base/median.h>
#include <vitals/base/number_text.h>

#include "history_question.h"

namespace vitals::rules {
namespace {

constexpr int kWeekDays = 7;

/// A value and what it rests on; of past days their medians.
struct Measured {
  std::optional<double> value;
  std::uint64_t samples = 0;
};

/// What a group was like on those days that are known: half of them at least.
Measured baseline_of(const Labels& group, const std::vector<HistoryQuestion::Groups>& days,
                     std::uint64_t samples_min) {
  std::vector<double> values;
  std::vector<std::uint64_t> samples;
  for (const HistoryQuestion::Groups& day : days) {
    const auto at = day.find(group);
    if (at == day.end() || !at->second.value || at->second.count < samples_min) continue;
    values.push_back(*at->second.value);
    samples.push_back(at->second.count);
  }
  if (values.empty() || 2 * values.size() < days.size()) return {};
  return {median(std::move(values)), median(std::move(samples))};
}

Reading compare(const Measured& is, const Measured& was, const Deviation& deviation, bool enough) {
  Reading reading;
  reading.value = is.value;
  reading.samples = is.samples;
  reading.clears = false;
  if (!enough || !is.value || was.value.value_or(0) == 0) return reading;

  const double by = deviation.by_percent / 100;
  const double change = (*is.value - *was.value) / std::abs(*was.value);
  const bool up = deviation.direction != Deviation::Direction::down && change > by;
  const bool down = deviation.direction != Deviation::Direction::up && change < -by;
  const bool upwards = deviation.direction == Deviation::Direction::up ||
                       (deviation.direction == Deviation::Direction::either && change > 0);
  reading.holds = up || down;
  reading.clears = !reading.holds;
  reading.threshold = *was.value + std::abs(*was.value) * (upwards ? by : -by);
  reading.against = "usual limit";
  reading.words = {{"baseline", number_text(*was.value)},
                   {"change", fmt::format("{:+.0f} %", 100 * change)}};
  return reading;
}

}  // namespace

HistoryAnswer read_deviation(const HistoryQuestion& question, const Deviation& deviation,
                             TimeMs now) {
  // The instant itself belongs to the window.
  const TimeMs to = now + 1;
  const TimeMs from = to - question.rule.window_ms;
  auto is = question.ask(question.request(from, to));
  if (!is) return std::move(is).error();

  const bool trailing = deviation.against == Deviation::Against::trailing;
  const auto days_back = static_cast<int>(deviation.trailing_ms / kDayMs);
  std::vector<HistoryQuestion::Groups> days;
  for (int back = trailing ? 1 : kWeekDays; back <= (trailing ? days_back : kWeekDays); ++back) {
    auto day = question.ask(question.request(from - back * kDayMs, to - back * kDayMs));
    if (!day) return std::move(day).error();
    for (const auto& [labels, group] : *day) (void)is->try_emplace(labels);
    days.push_back(*std::move(day));
  }

  const bool total = question.total();
  const std::uint64_t samples_min = question.rule.min_samples;
  std::vector<GroupReading> readings;
  for (const auto& [labels, group] : *is) {
    const Measured was = baseline_of(labels, days, total ? 1 : samples_min);
    Measured now_is{group.value, group.count};
    if (total && !now_is.value) now_is.value = 0;
    const std::uint64_t samples = total ? std::max(now_is.samples, was.samples) : now_is.samples;
    readings.push_back({labels, compare(now_is, was, deviation, samples >= samples_min)});
  }
  return readings;
}

}  // namespace vitals::rules
