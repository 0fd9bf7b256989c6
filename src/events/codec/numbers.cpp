#include "numbers.h"

#include <array>
#include <bit>
#include <cmath>

#include <vitals/model/fields.h>

#include "bitmap.h"

namespace vitals::events {
namespace {

constexpr std::uint8_t kScaleMask = 0x07;
constexpr std::uint8_t kBitPatterns = 7;  // in place of a scale
constexpr std::uint8_t kSomeAbsent = 0x08;
constexpr std::array<double, 7> kPowersOfTen{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
constexpr double kWholeMax = 9'007'199'254'740'992.0;  // 2^53

/// Whether every value is whole / 10^scale to the bit; fills `whole` while it is.
bool scale_to_whole(std::span<const double> values, double power,
                    std::vector<std::uint64_t>& whole) {
  whole.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double scaled = std::nearbyint(values[i] * power);
    // Written so that infinities fail too.
    if (!(std::abs(scaled) <= kWholeMax)) return false;
    const auto number = static_cast<std::int64_t>(scaled);
    // What the reader will compute, to the bit: -0.0 is not 0.0.
    if (std::bit_cast<std::uint64_t>(static_cast<double>(number) / power) !=
        std::bit_cast<std::uint64_t>(values[i])) {
      return false;
    }
    whole[i] = static_cast<std::uint64_t>(number);
  }
  return true;
}

std::uint8_t find_scale(std::span<const double> values, std::vector<std::uint64_t>& whole) {
  for (std::size_t scale = 0; scale < kPowersOfTen.size(); ++scale) {
    if (scale_to_whole(values, kPowersOfTen[scale], whole)) return static_cast<std::uint8_t>(scale);
  }
  whole.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    whole[i] = std::bit_cast<std::uint64_t>(values[i]);
  }
  return kBitPatterns;
}

}  // namespace

void NumberWriter::write(std::span<const double> values, IntegerWriter& integers,
                         StreamWriter& streams, std::string& out) {
  present_.clear();
  for (const double value : values) {
    if (!std::isnan(value)) present_.push_back(value);
  }
  const std::uint8_t form = find_scale(present_, whole_);
  if (present_.size() == values.size()) {
    put_u8(out, form);
  } else {
    put_u8(out, form | kSomeAbsent);
    present_bits_.assign(bitmap_bytes(values.size()), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(values[i])) set_bit(present_bits_, i);
    }
    streams.write(present_bits_, out);
  }
  integers.write(whole_, streams, out);
}

bool read_numbers(ByteReader& in, std::size_t n, StreamReader& streams,
                  std::vector<std::uint64_t>& scratch, std::vector<double>& values) {
  const std::uint8_t form = in.u8();
  if (!in.ok() || (form & ~(kScaleMask | kSomeAbsent)) != 0) return false;
  std::vector<std::uint8_t> present;
  std::size_t count = n;
  if ((form & kSomeAbsent) != 0) {
    if (!read_bitmap(in, n, streams, present)) return false;
    count = count_bits(present);
  }
  if (!read_integers(in, count, streams, scratch)) return false;

  values.resize(n);
  std::vector<double> dense;
  std::vector<double>& target = present.empty() ? values : dense;
  target.resize(count);
  const std::uint8_t scale = form & kScaleMask;
  if (scale == kBitPatterns) {
    for (std::size_t i = 0; i < count; ++i) target[i] = std::bit_cast<double>(scratch[i]);
  } else {
    const double power = kPowersOfTen[scale];
    for (std::size_t i = 0; i < count; ++i) {
      target[i] = static_cast<double>(static_cast<std::int64_t>(scratch[i])) / power;
    }
  }
  if (present.empty()) return true;
  std::size_t next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    values[i] = get_bit(present, i) ? dense[next++] : model::kAbsent;
  }
  return true;
}

}  // namespace vitals::events
