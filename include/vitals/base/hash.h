#pragma once

#include <cstdint>
#include <string_view>

#include <vitals/base/short_text.h>

namespace vitals {

/// A fast 64-bit hash for in-memory tables and sketches, not for security. Multiply-fold mixing
/// after wyhash (Wang Yi, 2019, public domain). With the default seed it is stable across runs and
/// machines of one byte order, so a stranger can choose keys that collide: tables of what strangers
/// send take table_seed().
inline std::uint64_t mix64(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t hash64(std::string_view text, std::uint64_t seed = 0x9e3779b97f4a7c15ULL) {
  constexpr std::uint64_t k0 = 0xa0761d6478bd642fULL;
  constexpr std::uint64_t k1 = 0xe7037ed1a0b428dbULL;
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t hash = seed ^ k0;
  for (; left > 16; at += 16, left -= 16) {
    hash = mix64(load<std::uint64_t>(at) ^ k1, load<std::uint64_t>(at + 8) ^ hash);
  }
  const std::uint64_t low = load_up_to_8(at, left);
  const std::uint64_t high = left > 8 ? load_up_to_8(at + 8, left - 8) : 0;
  return mix64(mix64(low ^ k1, high ^ hash), text.size() ^ k0);
}

/// Random, the same for the life of the process. Thread-safe.
std::uint64_t table_seed();

}  // namespace vitals
