#include "integers.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace vitals::events {
namespace {

constexpr std::uint8_t kDifferences = 0x80;
constexpr std::uint8_t kWidthMask = 0x0f;
constexpr unsigned kWidthMax = 8;

std::int64_t as_signed(std::uint64_t number) { return static_cast<std::int64_t>(number); }
std::uint64_t as_unsigned(std::int64_t number) { return static_cast<std::uint64_t>(number); }

struct Range {
  std::int64_t min = std::numeric_limits<std::int64_t>::max();
  std::int64_t max = std::numeric_limits<std::int64_t>::min();

  void add(std::int64_t number) {
    min = std::min(min, number);
    max = std::max(max, number);
  }
  /// Bytes that number - min needs.
  unsigned width() const {
    if (max < min) return 0;
    return static_cast<unsigned>(std::bit_width(as_unsigned(max) - as_unsigned(min)) + 7) / 8;
  }
};

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
  const unsigned width = range.width();
  const std::uint64_t min = values.empty() ? 0 : as_unsigned(range.min);

  put_u8(out, static_cast<std::uint8_t>(width | (differ ? kDifferences : 0U)));
  put_zigzag(out, as_signed(min));
  if (differ) put_zigzag(out, as_signed(values.front()));
  if (width == 0) return;

  residuals_.resize(differ ? values.size() - 1 : values.size());
  for (std::size_t i = 0; i < residuals_.size(); ++i) {
    residuals_[i] = (differ ? values[i + 1] - values[i] : values[i]) - min;
  }
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
  if (!in.ok() || width > kWidthMax || (form & ~(kDifferences | kWidthMask)) != 0) return false;
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
