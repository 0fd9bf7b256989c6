#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vitals::sketch {

/// LEB128: seven bits per byte, low ones first.
inline void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

/// Takes a varint from the front of `in`; false when it is cut off or above 64 bits.
inline bool take_varint(std::string_view& in, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const std::uint64_t bits = static_cast<unsigned char>(in.front()) & 0x7fU;
    const bool last = static_cast<unsigned char>(in.front()) < 0x80;
    in.remove_prefix(1);
    if (shift == 63 && bits > 1) return false;
    value |= bits << shift;
    if (last) return true;
  }
  return false;
}

inline bool take_byte(std::string_view& in, std::uint8_t& value) {
  if (in.empty()) return false;
  value = static_cast<std::uint8_t>(in.front());
  in.remove_prefix(1);
  return true;
}

}  // namespace vitals::sketch
