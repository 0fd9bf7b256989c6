#include "numbers.h"

#include <algorithm>
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

namespace {

/// Which rows have a number, and how many before them have.
class Present {
 public:
  explicit Present(const std::vector<std::uint8_t>& bitmap) : words_(bitmap.size() / 8 + 1) {
    for (std::size_t i = 0; i < bitmap.size(); ++i) {
      words_[i / 8].bits |= std::uint64_t{bitmap[i]} << (8 * (i % 8));
    }
    for (std::size_t i = 1; i < words_.size(); ++i) {
      words_[i].rank =
          words_[i - 1].rank + static_cast<unsigned>(std::popcount(words_[i - 1].bits));
    }
  }
  bool at(std::size_t row) const { return (words_[row / 64].bits >> row % 64 & 1U) != 0; }
  std::size_t rank(std::size_t row) const {
    const Word& word = words_[row / 64];
    const std::uint64_t before = word.bits & ((std::uint64_t{1} << row % 64) - 1);
    return word.rank + static_cast<unsigned>(std::popcount(before));
  }

 private:
  struct Word {
    std::uint64_t bits = 0;
    std::size_t rank = 0;
  };
  std::vector<Word> words_;
};

/// Calls fill(number_at), where number_at(i) is the i-th of the numbers that are present.
template <class Fill>
void with_numbers(const IntegerPlanes& planes, std::uint8_t scale,
                  std::vector<std::uint64_t>& scratch, Fill&& fill) {
  const auto number_of = [scale](std::uint64_t whole) {
    if (scale == kBitPatterns) return std::bit_cast<double>(whole);
    return static_cast<double>(static_cast<std::int64_t>(whole)) / kPowersOfTen[scale];
  };
  if (planes.differences) {
    planes.copy_to(scratch);
    return fill([&](std::size_t i) { return number_of(scratch[i]); });
  }
  if (planes.width == 1) {            // dividing a few hundred is quicker than dividing all
    std::array<double, 256> numbers;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers[i] = number_of(planes.min + planes.step * i);
    }
    return fill([&](std::size_t i) { return numbers[planes.bytes[i]]; });
  }
  planes.with([&](auto at) { fill([&](std::size_t i) { return number_of(at(i)); }); });
}

}  // namespace

bool read_numbers(ByteReader& in, std::size_t n, const Selection& rows, StreamReader& streams,
                  std::vector<std::uint64_t>& scratch, std::vector<double>& values) {
  const std::uint8_t form = in.u8();
  if (!in.ok() || (form & ~(kScaleMask | kSomeAbsent)) != 0) return false;
  std::vector<std::uint8_t> bitmap;
  std::size_t count = n;
  if ((form & kSomeAbsent) != 0) {
    if (!read_bitmap(in, n, streams, bitmap)) return false;
    count = count_bits(bitmap);
  }
  IntegerPlanes planes;
  if (!planes.read(in, count, streams)) return false;

  const std::size_t size = rows.size(n);
  values.resize(size);
  if (count == 0) {
    std::fill(values.begin(), values.end(), model::kAbsent);
    return true;
  }
  with_numbers(planes, form & kScaleMask, scratch, [&](auto number_at) {
    if (bitmap.empty()) {
      for (std::size_t i = 0; i < size; ++i) values[i] = number_at(rows.at(i));
      return;
    }
    const Present present(bitmap);
    for (std::size_t i = 0; i < size; ++i) {
      // Looked up even where there is none, which spares a jump that nobody can foretell.
      const std::size_t row = rows.at(i);
      const double number = number_at(std::min(present.rank(row), count - 1));
      values[i] = present.at(row) ? number : model::kAbsent;
    }
  });
  return true;
}

}  // namespace vitals::events
