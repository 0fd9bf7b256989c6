#pragma once

#include <cstdint>
#include <string_view>

namespace vitals::events {

/// XXH64 with seed 0 (Yann Collet, xxHash specification 0.1.1, "XXH64 algorithm description").
std::uint64_t xxh64(std::string_view bytes);

/// What blocks carry: the low half of it.
inline std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(xxh64(bytes));
}

}  // namespace vitals::events
