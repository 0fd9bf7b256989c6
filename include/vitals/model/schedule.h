#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/base/time_zone.h>

namespace vitals::model {

/// Times of every week, as the clocks of one time zone show them: business hours. A plain value.
struct Schedule {
  using Days = std::bitset<7>;  ///< 0 is Monday

  Days days = Days().set();
  int from_minute = 0;      ///< of the day
  int to_minute = 24 * 60;  ///< the first that is outside; up to `from`: on the next day
  TimeZone time_zone;

  /// A night that begins on one of the days is within until its end.
  bool contains(TimeMs time) const;
  /// `mon-fri 08:00-18:00 Europe/Berlin`.
  std::string to_string() const;

  bool operator==(const Schedule&) const = default;
};

/// Names of days and their ranges: `mon`, `mon-fri`, `sat-mon`. Errors: invalid_argument.
Result<Schedule::Days> parse_days(const std::vector<std::string>& texts);
/// `08:00`, up to `24:00`; the minute of the day. Errors: invalid_argument.
Result<int> parse_time_of_day(std::string_view text);

}  // namespace vitals::model
