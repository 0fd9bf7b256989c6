#include "numbers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <vitals/base/time_text.h>

namespace vitals::cli {
namespace {

std::string fixed(double number, int digits) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, number);
  return buffer.data();
}

bool needs_exponent(double number) {
  const double size = std::abs(number);
  return size >= 1e15 || (size > 0 && size < 1e-4);
}

/// Puts a comma before every third digit of the whole part.
std::string separate(std::string text) {
  const std::size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > start + 3;) text.insert(at -= 3, 1, ',');
  return text;
}

}  // namespace

std::string with_separators(std::int64_t number) { return separate(std::to_string(number)); }

std::string format_number(double number) { return format_number(number, decimals_of(number)); }

int decimals_of(double number) {
  if (needs_exponent(number) || std::floor(number) == number) return 0;
  const double size = std::abs(number);
  const int whole = size < 1 ? 1 : static_cast<int>(std::floor(std::log10(size))) + 1;
  const int digits = size < 1 ? 4 : std::max(0, 4 - whole);
  if (digits == 0) return 0;
  const std::string text = fixed(number, digits);
  const std::size_t last = text.find_last_not_of('0');
  return digits - static_cast<int>(text.size() - 1 - last);
}

std::string format_number(double number, int decimals) {
  if (!needs_exponent(number)) return separate(fixed(number, decimals));
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.4g", number);
  return buffer.data();
}

std::string format_bytes(double bytes) {
  constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  return fixed(bytes, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

std::string format_span(DurationMs span) {
  if (span < 1000) return std::to_string(span) + "ms";
  constexpr std::array<std::pair<DurationMs, char>, 4> kUnits{
      {{86'400'000, 'd'}, {3'600'000, 'h'}, {60'000, 'm'}, {1'000, 's'}}};
  std::string text;
  int parts = 0;
  for (const auto& [length, letter] : kUnits) {
    if (parts == 0 && span < length) continue;
    if (parts == 2) break;
    if (span >= length) text += (parts == 0 ? "" : " ") + std::to_string(span / length) + letter;
    span %= length;
    ++parts;
  }
  return text;
}

std::string format_ago(DurationMs span) {
  const std::string text = format_span(std::max<DurationMs>(span, 0) / 1000 * 1000);
  return text.substr(0, text.find(' ')) + " ago";
}

std::string format_moment(TimeMs time) {
  std::string text = format_rfc3339(time);  // 2026-11-23T07:00:00.123Z
  text[10] = ' ';
  const bool whole_seconds = text.substr(text.size() - 5) == ".000Z";
  text.resize(text.size() - (whole_seconds ? 5 : 1));
  return text;
}

}  // namespace vitals::cli
