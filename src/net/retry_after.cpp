#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

#include <vitals/net/retry_after.h>

namespace vitals::net {

std::optional<TimeMs> retry_after(const ClientAnswer& answer, TimeMs now) {
  constexpr std::int64_t kSecondsMax = 366LL * 86'400;
  const auto header = answer.headers.find("retry-after");
  if (header == answer.headers.end()) return std::nullopt;
  const std::string& value = header->second;
  std::int64_t seconds = 0;
  const char* const end = value.data() + value.size();
  if (const auto [stop, failed] = std::from_chars(value.data(), end, seconds);
      failed == std::errc() && stop == end) {
    if (seconds < 0) return std::nullopt;
    return now + std::min(seconds, kSecondsMax) * 1000;
  }
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%a, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::istringstream in(value);
    in.imbue(std::locale::classic());
    std::tm date{};
    in >> std::get_time(&date, form);
    if (!in.fail()) return static_cast<TimeMs>(timegm(&date)) * 1000;
  }
  return std::nullopt;
}

}  // namespace vitals::net
