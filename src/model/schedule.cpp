#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include <vitals/model/schedule.h>

namespace vitals::model {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int kMinutesOfDay = 24 * 60;

std::optional<std::size_t> day_of(std::string_view name) {
  const auto* found = std::find(kDays.begin(), kDays.end(), name);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

/// Two digits in front of what follows; -1 when there are none.
int two_digits(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) return -1;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

std::string days_text(const Schedule::Days& days) {
  std::string text;
  for (std::size_t day = 0; day < kDays.size(); ++day) {
    if (!days[day] || (day > 0 && days[day - 1])) continue;
    std::size_t last = day;
    while (last + 1 < kDays.size() && days[last + 1]) ++last;
    if (!text.empty()) text += ',';
    text += kDays[day];
    if (last > day) text.append(last == day + 1 ? "," : "-").append(kDays[last]);
  }
  return text;
}

}  // namespace

bool Schedule::contains(TimeMs time) const {
  const TimeZone::Local local = time_zone.local(time);
  const auto today = static_cast<std::size_t>(local.weekday);
  const int minute = local.minute_of_day;
  if (from_minute < to_minute) {
    return days[today] && minute >= from_minute && minute < to_minute;
  }
  const std::size_t yesterday = (today + kDays.size() - 1) % kDays.size();
  return (days[today] && minute >= from_minute) || (days[yesterday] && minute < to_minute);
}

std::string Schedule::to_string() const {
  return fmt::format("{} {:02}:{:02}-{:02}:{:02} {}", days_text(days), from_minute / 60,
                     from_minute % 60, to_minute / 60, to_minute % 60, time_zone.name());
}

Result<Schedule::Days> parse_days(const std::vector<std::string>& texts) {
  Schedule::Days days;
  for (const std::string& text : texts) {
    const std::size_t dash = text.find('-');
    const auto first = day_of(std::string_view(text).substr(0, dash));
    const auto last = dash == std::string::npos ? first : day_of(text.substr(dash + 1));
    if (!first || !last) {
      return Error{Errc::invalid_argument,
                   "'" + text +
                       "' is no day: expected mon, tue, wed, thu, fri, sat, sun, or a "
                       "range as mon-fri"};
    }
    for (std::size_t day = *first;; day = (day + 1) % kDays.size()) {
      days.set(day);
      if (day == *last) break;
    }
  }
  if (days.none()) return Error{Errc::invalid_argument, "needs at least one day"};
  return days;
}

Result<int> parse_time_of_day(std::string_view text) {
  const int hour = two_digits(text.substr(0, 2));
  const int minute = text.size() == 5 && text[2] == ':' ? two_digits(text.substr(3)) : -1;
  const int of_day = hour * 60 + minute;
  if (hour < 0 || minute < 0 || minute > 59 || of_day > kMinutesOfDay) {
    return Error{Errc::invalid_argument,
                 "'" + std::string(text) + "' is no time of day: expected 00:00 to 24:00"};
  }
  return of_day;
}

}  // namespace vitals::model
