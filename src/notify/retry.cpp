#include "retry.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

namespace vitals::notify {

DurationMs backoff_ms(const Options& options, std::uint32_t failures, std::mt19937_64& random) {
  DurationMs longest = options.retry_min_ms;
  for (std::uint32_t i = 1; i < failures && longest < options.retry_max_ms; ++i) longest *= 2;
  longest = std::min(longest, options.retry_max_ms);
  return std::uniform_int_distribution<DurationMs>(1, longest)(random);
}

std::optional<TimeMs> parse_retry_after(std::string_view header, TimeMs now) {
  constexpr std::int64_t kSecondsMax = 366LL * 86'400;
  std::int64_t seconds = 0;
  const char* const end = header.data() + header.size();
  if (const auto [stop, failed] = std::from_chars(header.data(), end, seconds);
      failed == std::errc() && stop == end) {
    if (seconds < 0) return std::nullopt;
    return now + std::min(seconds, kSecondsMax) * 1000;
  }
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%a, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::istringstream in{std::string(header)};
    in.imbue(std::locale::classic());
    std::tm date{};
    in >> std::get_time(&date, form);
    if (!in.fail()) return static_cast<TimeMs>(timegm(&date)) * 1000;
  }
  return std::nullopt;
}

}  // namespace vitals::notify
