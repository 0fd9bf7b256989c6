#include "scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

namespace vitals::config {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> kByteUnits{
    {{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};

template <class Value>
std::optional<Value> parse_all(std::string_view text) {
  Value value{};
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::string plain(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  const auto value = parse_all<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  return parse_all<std::uint64_t>(text);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  for (const auto& [suffix, unit] : kByteUnits) {
    if (text.size() <= suffix.size() || text.substr(text.size() - suffix.size()) != suffix)
      continue;
    const auto value = parse_count(text.substr(0, text.size() - suffix.size()));
    if (!value || *value > std::numeric_limits<std::uint64_t>::max() / unit) return std::nullopt;
    return *value * unit;
  }
  return parse_count(text);
}

std::string format_bytes(std::uint64_t bytes) {
  for (const auto& [suffix, unit] : kByteUnits) {
    if (bytes != 0 && bytes % unit == 0) return std::to_string(bytes / unit) + std::string(suffix);
  }
  return std::to_string(bytes) + "B";
}

std::string range_text(double min, double max) {
  const bool below = min > std::numeric_limits<double>::lowest();
  const bool above = max < std::numeric_limits<double>::max();
  if (below && above) return " from " + plain(min) + " to " + plain(max);
  if (below) return " of at least " + plain(min);
  return above ? " of at most " + plain(max) : "";
}

}  // namespace vitals::config
