#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <vitals/base/clock.h>

namespace vitals::cli {

/// 1234567 → `1,234,567`.
std::string with_separators(std::int64_t number);

/// Enough digits to read (four significant ones, never fewer than the whole part), with separators.
std::string format_number(double number);

/// How many decimals format_number() gives; none where it gives an exponent.
int decimals_of(double number);

/// … with that many decimals instead, unless it is written with an exponent.
std::string format_number(double number, int decimals);

/// `12.3 MiB`.
std::string format_bytes(double bytes);

/// `3d 4h`, `5m 2s`, `40ms`: the two largest units.
std::string format_span(DurationMs span);

/// `3d ago`: the largest unit.
std::string format_ago(DurationMs span);

/// `2026-11-23 07:00:00` in UTC, with milliseconds only if there are some.
std::string format_moment(TimeMs time);

}  // namespace vitals::cli
