#include "integers.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

namespace vitals::events {
namespace {

constexpr std::uint8_t kDifferences = 0x80;
constexpr std::uint8_t kMultiples = 0x40;
constexpr std::uint8_t kWidthMask = 0x0f;

std::int64_t as_signed(std::uint64_t number) { return static_cast<std::int64_t>(number); }
std::uint64_t as_unsigned(std::int64_t number) { return static_cast<std::uint64_t>(number); }

struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::max();
  std::int64_t max = std::numeric_limits<std::int64_t>::min();

  void add(std::int64_t number) {
    min = std::min(min, number);
    max = std::max(max, number);
  }
  /// Bytes that (number - min) / step needs.
  unsigned width(std::uint64_t step = 1) const {
    if (max < min) return 0;
    const std::uint64_t most = (as_unsigned(max) - as_unsigned(min)) / step;
    return static_cast<unsigned>(std::bit_width(most) + 7) / 8;
  }
};

/// What divides them all; 1 for no numbers but zeros.
std::uint64_t common_divisor(std::span<const std::uint64_t> numbers) {
  std::uint64_t divisor = 0;
  for (const std::uint64_t number : numbers) {
    if (divisor == 0 || number % divisor != 0) divisor = std::gcd(divisor, number);
    if (divisor == 1) break;
  }
  return divisor == 0 ? 1 : divisor;
}

}  // namespace

void IntegerWriter::write(std::span<const std::uint64_t> values, StreamWriter& streams,
                          std::string& out) {
  Range plain, differences;
  for (const std::uint64_t value : values) plain.add(as_signed(value));
  for (std::size_t i = 1; i < values.size(); ++i) {
    differences.add(as_signed(values[i] - values[i - 1]));
  }
  const bool differ = values.size() > 1 && differences.width() < plain.width();
  const Range& range = differ ? differences : plain;
  const std::uint64_t min = values.empty() ? 0 : as_unsigned(range.min);
  residuals_.clear();
  std::uint64_t step = 1;
  if (range.width() > 0) {
    residuals_.resize(differ ? values.size() - 1 : values.size());
    for (std::size_t i = 0; i < residuals_.size(); ++i) {
      residuals_[i] = (differ ? values[i + 1] - values[i] : values[i]) - min;
    }
    step = common_divisor(residuals_);
    if (step != 1) {
      for (std::uint64_t& residual : residuals_) residual /= step;
    }
  }
  const unsigned width = range.width(step);

  put_u8(out, static_cast<std::uint8_t>(width | (differ ? kDifferences : 0U) |
                                        (step != 1 ? kMultiples : 0U)));
  put_zigzag(out, as_signed(min));
  if (differ) put_zigzag(out, as_signed(values.front()));
  if (step != 1) put_varint(out, step);
  if (width == 0) return;

  plane_.resize(residuals_.size());
  for (unsigned plane = 0; plane < width; ++plane) {
    for (std::size_t i = 0; i < residuals_.size(); ++i) {
      plane_[i] = static_cast<std::uint8_t>(residuals_[i] >> (8 * plane));
    }
    streams.write(plane_, out);
  }
}

bool IntegerPlanes::read(ByteReader& in, std::size_t numbers, StreamReader& streams) {
  const std::uint8_t form = in.u8();
  differences = (form & kDifferences) != 0;
  width = form & kWidthMask;
  min = as_unsigned(in.zigzag());
  first = differences ? as_unsigned(in.zigzag()) : 0;
  n = numbers;
  step = (form & kMultiples) != 0 ? in.varint() : 1;
  if (!in.ok() || width > kWidthMax) return false;
  if ((form & ~(kDifferences | kMultiples | kWidthMask)) != 0) return false;
  if (differences && n == 0) return false;
  bytes = width == 0 ? nullptr : streams.read(in, differences ? n - 1 : n, width);
  return width == 0 || bytes != nullptr;
}

void IntegerPlanes::copy_to(std::vector<std::uint64_t>& values) const {
  values.resize(n);
  std::uint64_t* const out = values.data();
  if (!differences) {
    return with([&](auto at) {
      for (std::size_t i = 0; i < n; ++i) out[i] = at(i);
    });
  }
  std::uint64_t value = out[0] = first;
  with([&](auto at) {
    for (std::size_t i = 1; i < n; ++i) out[i] = value += at(i - 1);
  });
}

bool read_integers(ByteReader& in, std::size_t n, StreamReader& streams,
                   std::vector<std::uint64_t>& values) {
  IntegerPlanes planes;
  if (!planes.read(in, n, streams)) return false;
  planes.copy_to(values);
  return true;
}

}  // namespace vitals::events
