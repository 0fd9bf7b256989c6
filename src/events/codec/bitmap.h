#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "streams.h"

namespace vitals::events {

/// Bits in bytes, the lowest first; bits past the last are 0.
inline std::size_t bitmap_bytes(std::size_t bits) { return (bits + 7) / 8; }

inline void set_bit(std::vector<std::uint8_t>& bitmap, std::size_t at) {
  bitmap[at / 8] = static_cast<std::uint8_t>(bitmap[at / 8] | 1U << at % 8);
}
inline bool get_bit(const std::vector<std::uint8_t>& bitmap, std::size_t at) {
  return (static_cast<unsigned>(bitmap[at / 8]) >> at % 8 & 1U) != 0;
}
inline std::size_t count_bits(const std::vector<std::uint8_t>& bitmap) {
  std::size_t count = 0;
  for (const std::uint8_t byte : bitmap) count += static_cast<std::size_t>(std::popcount(byte));
  return count;
}

/// Reads a bitmap of `n` bits; false when it is damaged.
inline bool read_bitmap(ByteReader& in, std::size_t n, StreamReader& streams,
                        std::vector<std::uint8_t>& bitmap) {
  const std::uint8_t* bytes = streams.read(in, bitmap_bytes(n));
  if (bytes == nullptr) return false;
  bitmap.assign(bytes, bytes + bitmap_bytes(n));
  return n % 8 == 0 || bitmap.back() >> n % 8 == 0;
}

}  // namespace vitals::events
