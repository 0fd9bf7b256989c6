#include "place.h"

#include <charconv>

#include <fmt/format.h>

namespace vitals::query {
namespace {

constexpr std::size_t kDigits = 16;

bool parse_hex(std::string_view digits, std::uint64_t& number) {
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, 16);
  return error == std::errc{} && stop == end;
}

}  // namespace

std::string to_cursor(const Place& place) {
  return fmt::format("{:016x}{:016x}", static_cast<std::uint64_t>(place.time_ms), place.position);
}

Result<Place> parse_cursor(std::string_view cursor) {
  std::uint64_t time = 0;
  Place place{0, 0};
  if (cursor.size() != 2 * kDigits || !parse_hex(cursor.substr(0, kDigits), time) ||
      !parse_hex(cursor.substr(kDigits), place.position)) {
    return Error{Errc::invalid_argument, "the cursor is not one that an answer has given"};
  }
  place.time_ms = static_cast<TimeMs>(time);
  return place;
}

}  // namespace vitals::query
