#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <vitals/base/hash.h>

namespace vitals {

/// Stands for a text where the text itself must not be: 128 bits, of which two different texts are
/// not expected to share all. The same on every machine of one byte order. Not for security.
inline std::array<std::uint64_t, 2> digest(std::string_view text) {
  return {hash64(text), hash64(text, 0x2545f4914f6cdd1dULL)};
}

/// As 16 hexadecimal digits.
inline std::string hex_of(std::uint64_t number) {
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(number));
  return digits.data();
}

}  // namespace vitals
