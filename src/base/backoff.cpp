#include <algorithm>

#include <vitals/base/backoff.h>

namespace vitals {

DurationMs backoff_ms(DurationMs first_ms, DurationMs longest_ms, std::uint32_t failures,
                      std::mt19937_64& random) {
  DurationMs longest = first_ms;
  for (std::uint32_t i = 1; i < failures && longest < longest_ms; ++i) longest *= 2;
  longest = std::min(longest, longest_ms);
  return std::uniform_int_distribution<DurationMs>(1, longest)(random);
}

}  // namespace vitals
