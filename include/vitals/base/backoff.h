#pragma once

#include <cstdint>
#include <random>

#include <vitals/base/clock.h>

namespace vitals {

/// How long to wait after the given number of failed tries (from 1), at most `first_ms` after the
/// first and twice as long after each other up to `longest_ms`: exponential backoff with full
/// jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
DurationMs backoff_ms(DurationMs first_ms, DurationMs longest_ms, std::uint32_t failures,
                      std::mt19937_64& random);

}  // namespace vitals
