#include <array>
#include <charconv>
#include <cstdio>

#include <vitals/base/time_text.h>

namespace vitals {
namespace {

struct Unit {
  std::string_view suffix;
  DurationMs length_ms;
};

// From the largest, so that format_duration() finds the shortest form first.
constexpr std::array kUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                            Unit{"s", 1'000}, Unit{"ms", 1}};
constexpr DurationMs kWeekMs = 7 * 86'400'000LL;

Error bad_duration(std::string_view text) {
  return {Errc::invalid_argument, "'" + std::string(text) +
                                      "' is not a duration: expected a whole number and a unit, as "
                                      "in 30s, 5m, 1h, 7d"};
}

Error bad_time(std::string_view text) {
  return {Errc::invalid_argument, "'" + std::string(text) +
                                      "' is not a time: expected RFC 3339, as in "
                                      "2026-01-31T12:00:00Z, or epoch milliseconds"};
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

constexpr unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr std::array<unsigned, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

/// Reads fixed-width fields from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool number(std::size_t width, unsigned& out) {
    if (rest_.size() < width) return false;
    out = 0;
    for (const char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return false;
      out = out * 10 + static_cast<unsigned>(c - '0');
    }
    rest_.remove_prefix(width);
    return true;
  }

  bool any_of(std::string_view accepted, char& found) {
    if (rest_.empty() || accepted.find(rest_.front()) == std::string_view::npos) return false;
    found = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  bool literal(char c) {
    char found = 0;
    return any_of({&c, 1}, found);
  }

  /// Digits after a point, cut to milliseconds.
  bool fraction(unsigned& millis) {
    millis = 0;
    unsigned digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
      if (digits < 3) millis = millis * 10 + static_cast<unsigned>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    for (unsigned scale = digits; scale < 3; ++scale) millis *= 10;
    return digits > 0;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

Result<DurationMs> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view suffix = text.substr(static_cast<std::size_t>(end - text.data()));
  if (problem != std::errc{} || count <= 0) return bad_duration(text);
  DurationMs unit_ms = suffix == "w" ? kWeekMs : 0;
  for (const Unit& unit : kUnits) {
    if (suffix == unit.suffix) unit_ms = unit.length_ms;
  }
  constexpr std::int64_t kMax = 1'000LL * 366 * 86'400'000;  // a thousand years
  if (unit_ms == 0 || count > kMax / unit_ms) return bad_duration(text);
  return count * unit_ms;
}

std::string format_duration(DurationMs duration) {
  for (const Unit& unit : kUnits) {
    if (duration % unit.length_ms == 0 && duration != 0) {
      return std::to_string(duration / unit.length_ms) + std::string(unit.suffix);
    }
  }
  return "0s";
}

Result<TimeMs> parse_rfc3339(std::string_view text) {
  Reader in(text);
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0;
  char mark = 0;
  if (!in.number(4, year) || !in.literal('-') || !in.number(2, month) || !in.literal('-') ||
      !in.number(2, day) || !in.any_of("Tt ", mark) || !in.number(2, hour) || !in.literal(':') ||
      !in.number(2, minute) || !in.literal(':') || !in.number(2, second)) {
    return bad_time(text);
  }
  if (in.literal('.') && !in.fraction(millis)) return bad_time(text);
  unsigned offset_hour = 0, offset_minute = 0;
  if (!in.any_of("Zz+-", mark)) return bad_time(text);
  const bool utc = mark == 'Z' || mark == 'z';
  if (!utc && (!in.number(2, offset_hour) || !in.literal(':') || !in.number(2, offset_minute))) {
    return bad_time(text);
  }
  if (!in.at_end() || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) ||
      hour > 23 || minute > 59 || second > 60 || offset_hour > 23 || offset_minute > 59) {
    return bad_time(text);
  }
  if (second == 60) {
    second = 59;
    millis = 999;
  }
  const std::int64_t days = days_from_civil(year, month, day);
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  const std::int64_t offset_s = (offset_hour * 60 + offset_minute) * 60;
  return (seconds - (mark == '-' ? -offset_s : offset_s)) * 1000 + millis;
}

Result<TimeMs> parse_time(std::string_view text, TimeMs now) {
  if (text == "now") return now;
  if (text.substr(0, 3) == "now" && text.size() > 4 && (text[3] == '-' || text[3] == '+')) {
    const auto offset = parse_duration(text.substr(4));
    if (!offset) return offset.error();
    return text[3] == '-' ? now - *offset : now + *offset;
  }
  std::int64_t epoch_ms = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), epoch_ms);
  if (problem == std::errc{} && end == text.data() + text.size()) return epoch_ms;
  return parse_rfc3339(text);
}

std::string format_rfc3339(TimeMs time) {
  const std::int64_t floor_days = (time >= 0 ? time : time - 86'399'999) / 86'400'000;
  const auto ms_of_day = static_cast<long>(time - floor_days * 86'400'000);
  // civil_from_days, as above.
  const std::int64_t shifted = floor_days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(shifted - era * 146'097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year =
      static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  std::array<char, 64> buffer{};
  const int length =
      std::snprintf(buffer.data(), buffer.size(), "%04lld-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ",
                    static_cast<long long>(year), month, day, ms_of_day / 3'600'000,
                    ms_of_day / 60'000 % 60, ms_of_day / 1000 % 60, ms_of_day % 1000);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

}  // namespace vitals
