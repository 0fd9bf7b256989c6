#pragma once

#include <string>
#include <string_view>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>

namespace vitals {

/// `250ms`, `30s`, `5m`, `1h`, `7d`, `2w` → milliseconds. Whole positive numbers only; the error
/// says what was expected.
Result<DurationMs> parse_duration(std::string_view text);

/// The shortest form that parse_duration() reads back: 300000 → `5m`.
std::string format_duration(DurationMs duration);

/// RFC 3339 (`2026-11-23T07:00:00.123+01:00`, fractions of any length cut to milliseconds, leap
/// seconds as the last millisecond of their minute) → epoch milliseconds.
Result<TimeMs> parse_rfc3339(std::string_view text);

/// What query parameters take: RFC 3339, integer epoch milliseconds, `now`, `now-1h`, `now+5m`.
Result<TimeMs> parse_time(std::string_view text, TimeMs now);

/// Epoch milliseconds → `2026-11-23T07:00:00.123Z`.
std::string format_rfc3339(TimeMs time);

}  // namespace vitals
