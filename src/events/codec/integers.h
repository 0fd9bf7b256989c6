#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bytes.h"
#include "streams.h"

namespace vitals::events {

/// Whole numbers, as values or as differences, less their minimum and over what then divides them
/// all, split into planes of equally significant bytes: what differs little ends in planes that
/// compress to nothing. All arithmetic is modulo 2^64, so every sequence round-trips. Not
/// thread-safe.
class IntegerWriter {
 public:
  void write(std::span<const std::uint64_t> values, StreamWriter& streams, std::string& out);

 private:
  std::vector<std::uint64_t> residuals_;
  std::vector<std::uint8_t> plane_;
};

/// Numbers that IntegerWriter wrote, still in planes. Valid until the StreamReader is used again.
struct IntegerPlanes {
  static constexpr unsigned kWidthMax = 8;

  bool differences = false;
  unsigned width = 0;
  std::uint64_t min = 0;
  std::uint64_t first = 0;              ///< of differences
  std::uint64_t step = 1;               ///< what the planes have is multiplied by
  std::size_t n = 0;                    ///< numbers
  const std::uint8_t* bytes = nullptr;  ///< planes of n bytes, of differences one less

  /// False when they are damaged.
  bool read(ByteReader& in, std::size_t numbers, StreamReader& streams);

  /// Calls use(at), where at(i) puts the i-th number (of differences, the i-th of those) together.
  template <class Use>
  void with(Use&& use) const {
    const std::size_t size = differences ? n - 1 : n;
    const auto byte = [this, size](std::size_t i, unsigned plane) {
      return std::uint64_t{bytes[plane * size + i]} << (8 * plane);
    };
    switch (step == 1 ? width : kWidthMax) {
      case 0:
        return use([this](std::size_t) { return min; });
      case 1:
        return use([this](std::size_t i) { return min + bytes[i]; });
      case 2:
        return use([&](std::size_t i) { return min + (byte(i, 0) | byte(i, 1)); });
      case 3:
        return use([&](std::size_t i) { return min + (byte(i, 0) | byte(i, 1) | byte(i, 2)); });
      default:
        return use([&](std::size_t i) {
          std::uint64_t number = 0;
          for (unsigned plane = 0; plane < width; ++plane) number |= byte(i, plane);
          return min + step * number;
        });
    }
  }

  void copy_to(std::vector<std::uint64_t>& values) const;
};

/// Reads `n` numbers that IntegerWriter wrote; false when they are damaged.
bool read_integers(ByteReader& in, std::size_t n, StreamReader& streams,
                   std::vector<std::uint64_t>& values);

}  // namespace vitals::events
