#include "value_list.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>

#include "bytes.h"

namespace vitals::sketch {
namespace {

/// 10^places; all are exact doubles, so a quotient by one is the double nearest to the decimal.
constexpr std::array<double, 10> kScales{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
/// First byte of values as they are; below it, decimal places.
constexpr std::uint8_t kRawForm = 0x1f;
constexpr double kIntegerMax = 9'007'199'254'740'992.0;  // 2^53
constexpr std::size_t kRawBytes = 8;

bool is_decimal(double value, double scale) {
  const double scaled = std::nearbyint(value * scale);
  return std::abs(scaled) <= kIntegerMax && scaled / scale == value;
}

/// The fewest decimal places that hold every value exactly.
std::optional<std::size_t> places_of(const std::vector<double>& values) {
  std::size_t places = 0;
  for (const double value : values) {
    while (places < kScales.size() && !is_decimal(value, kScales[places])) ++places;
    if (places == kScales.size()) return std::nullopt;
  }
  // A large value may hold at few places only: look again with the places of the others.
  const auto holds = [&](double value) { return is_decimal(value, kScales[places]); };
  if (!std::all_of(values.begin(), values.end(), holds)) return std::nullopt;
  return places;
}

void append_raw(std::string& out, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (unsigned shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(bits >> shift));
}

double take_raw(std::string_view& in) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kRawBytes; ++i) {
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(in[i])) << (8 * i);
  }
  in.remove_prefix(kRawBytes);
  return std::bit_cast<double>(bits);
}

/// False when a number is cut off or out of range.
bool take_decimals(std::string_view& in, double scale, std::vector<double>& values) {
  std::int64_t integer = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint64_t coded = 0;
    if (!take_varint(in, coded)) return false;
    // Both summands stay far below 2^63: integer is checked each time.
    if (coded > (1ULL << 55)) return false;
    integer += i == 0 ? unzigzag(coded) : static_cast<std::int64_t>(coded);
    const auto whole = static_cast<double>(integer);
    if (std::abs(whole) > kIntegerMax) return false;
    values[i] = whole / scale;
  }
  return true;
}

/// False when a value is cut off, not finite or out of order.
bool take_raws(std::string_view& in, std::vector<double>& values) {
  if (in.size() < values.size() * kRawBytes) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = take_raw(in);
    if (!std::isfinite(values[i]) || (i != 0 && values[i] < values[i - 1])) return false;
  }
  return true;
}

}  // namespace

void encode_values(const std::vector<double>& values, std::string& out) {
  const std::optional<std::size_t> places = places_of(values);
  out.push_back(static_cast<char>(places ? *places : kRawForm));
  append_varint(out, values.size());
  std::int64_t before = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!places) {
      append_raw(out, values[i]);
      continue;
    }
    const auto integer = static_cast<std::int64_t>(std::nearbyint(values[i] * kScales[*places]));
    append_varint(out, i == 0 ? zigzag(integer) : static_cast<std::uint64_t>(integer - before));
    before = integer;
  }
}

Result<std::vector<double>> decode_values(std::string_view& in, std::size_t values_max) {
  std::uint8_t form = 0;
  std::uint64_t count = 0;
  if (!take_byte(in, form) || !take_varint(in, count)) {
    return Error{Errc::corruption, "a list of values is cut off"};
  }
  if (count > values_max || (form >= kScales.size() && form != kRawForm)) {
    return Error{Errc::corruption, "a list of values has an impossible length or form"};
  }
  std::vector<double> values(count);
  const bool whole =
      form == kRawForm ? take_raws(in, values) : take_decimals(in, kScales[form], values);
  if (!whole) return Error{Errc::corruption, "a list of values is cut off or out of order"};
  return values;
}

}  // namespace vitals::sketch
