#pragma once

#include <optional>
#include <random>
#include <string_view>

#include <vitals/base/clock.h>
#include <vitals/notify/receiver.h>

namespace vitals::notify {

/// How long to wait after the given number of failed tries (from 1): exponential backoff with full
/// jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
DurationMs backoff_ms(const Options& options, std::uint32_t failures, std::mt19937_64& random);

/// When a Retry-After header (RFC 9110 §10.2.3: seconds, or a date in any of the three HTTP forms)
/// lets the next try be made; nothing when it is neither.
std::optional<TimeMs> parse_retry_after(std::string_view header, TimeMs now);

}  // namespace vitals::notify
