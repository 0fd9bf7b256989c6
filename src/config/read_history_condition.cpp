#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>

#include "read_condition.h"
#include "scalar.h"

namespace vitals::config {
namespace {

/// `same-hour-last-week`, or `trailing 7d`.
void read_against(Section& section, rules::Deviation& deviation) {
  constexpr std::string_view kTrailing = "trailing ";
  std::string text;
  section.text("against", text);
  if (text.empty() || text == "same-hour-last-week") return;
  const Result<DurationMs> trailing = text.starts_with(kTrailing)
                                          ? parse_duration(text.substr(kTrailing.size()))
                                          : Error{Errc::invalid_argument, ""};
  if (!trailing) {
    return section.problem("against", "'" + text +
                                          "': expected same-hour-last-week, or trailing "
                                          "and a duration, as in trailing 7d");
  }
  deviation.against = rules::Deviation::Against::trailing;
  deviation.trailing_ms = *trailing;
}

/// `50%`, or 50.
void read_percent(Section& section, std::string_view key, double& out) {
  std::string text;
  section.text(key, text);
  if (text.empty()) return section.problem(key, "is required");
  if (text.back() == '%') text.pop_back();
  const auto percent = parse_number(text);
  if (!percent || *percent <= 0) {
    return section.problem(key, "'" + text + "': expected a share above 0, as in 50%");
  }
  out = *percent;
}

}  // namespace

rules::Deviation read_deviation(Section& section, const metrics::Catalogue& catalogue) {
  using Direction = rules::Deviation::Direction;
  rules::Deviation deviation;
  read_metric(section, catalogue, deviation.metric, deviation.stat);
  Section changed = section.section("changed");
  read_against(changed, deviation);
  read_percent(changed, "by", deviation.by_percent);
  changed.choice<Direction>(
      "direction", deviation.direction,
      {{"either", Direction::either}, {"up", Direction::up}, {"down", Direction::down}});
  return deviation;
}

rules::Trend read_trend(Section& section, const metrics::Catalogue& catalogue) {
  rules::Trend trend;
  read_metric(section, catalogue, trend.metric, trend.stat);
  read_bound(section, trend.comparison, trend.bound);
  section.duration("reached_within", trend.reached_within_ms, 1'000, 31 * kDayMs);
  section.duration("over", trend.over_ms, 1'000, 31 * kDayMs);
  return trend;
}

rules::BetterVersion read_better_version(Section section, const metrics::Catalogue& catalogue) {
  rules::BetterVersion better;
  if (section.has("metric")) read_metric(section, catalogue, better.metric, better.stat);
  section.number("confidence", better.confidence, 50, 99.999);
  section.duration("window", better.window_ms, 1'000, 31 * kDayMs);
  return better;
}

}  // namespace vitals::config
