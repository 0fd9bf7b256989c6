#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vitals {

/// For texts of a few bytes, where a call of memcpy or memcmp costs more than its work.

template <class Word>
Word load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The first n ≤ 8 bytes as those of a word whose other bytes are 0; little-endian.
inline std::uint64_t load_up_to_8(const char* at, std::size_t n) {
  const auto byte = [at](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  };
  if (n >= 8) return load<std::uint64_t>(at);
  if (n >= 4) {
    const std::uint64_t last = load<std::uint32_t>(at + n - 4);
    return load<std::uint32_t>(at) | last << (8 * (n - 4));  // they agree where they overlap
  }
  return n == 0 ? 0 : byte(0) | byte(n / 2) | byte(n - 1);
}

inline bool equal_bytes(const char* a, const char* b, std::size_t n) {
  if (n < 4) return load_up_to_8(a, n) == load_up_to_8(b, n);
  if (n < 8) {
    return ((load<std::uint32_t>(a) ^ load<std::uint32_t>(b)) |
            (load<std::uint32_t>(a + n - 4) ^ load<std::uint32_t>(b + n - 4))) == 0;
  }
  std::uint64_t differ = load<std::uint64_t>(a + n - 8) ^ load<std::uint64_t>(b + n - 8);
  for (std::size_t at = 0; at + 8 < n; at += 8) {
    differ |= load<std::uint64_t>(a + at) ^ load<std::uint64_t>(b + at);
  }
  return differ == 0;
}

inline bool equal_texts(std::string_view a, std::string_view b) {
  return a.size() == b.size() && equal_bytes(a.data(), b.data(), a.size());
}

}  // namespace vitals
