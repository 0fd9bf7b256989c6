#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vitals::store {

/// Appends big-endian, so that keys sort as the numbers do.
inline void put_u64(std::string& key, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>((number >> shift) & 0xffU);
}
inline void put_u32(std::string& key, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>((number >> shift) & 0xffU);
}

/// Signed times sort too: the sign bit is flipped.
inline void put_time(std::string& key, std::int64_t time_ms) {
  put_u64(key, static_cast<std::uint64_t>(time_ms) ^ (1ULL << 63U));
}

/// Reads what put_u64() wrote; `at` must leave 8 bytes.
inline std::uint64_t get_u64(std::string_view key, std::size_t at = 0) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i)
    number = number << 8U | static_cast<unsigned char>(key[at + i]);
  return number;
}
inline std::uint32_t get_u32(std::string_view key, std::size_t at = 0) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number = number << 8U | static_cast<unsigned char>(key[at + i]);
  return number;
}
inline std::int64_t get_time(std::string_view key, std::size_t at = 0) {
  return static_cast<std::int64_t>(get_u64(key, at) ^ (1ULL << 63U));
}

}  // namespace vitals::store
