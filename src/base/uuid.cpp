#include <array>

#include <vitals/base/uuid.h>

namespace vitals {

UuidGenerator::UuidGenerator() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  random_.seed(seed);
}

std::string UuidGenerator::next(TimeMs now) {
  const auto time = static_cast<std::uint64_t>(now) & 0xffffffffffffULL;
  const std::uint64_t high = (time << 16) | 0x7000U | (random_() & 0x0fffU);
  const std::uint64_t low = (random_() & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;

  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) text += '-';
    const std::uint64_t word = nibble < 16 ? high : low;
    text += kDigits[(word >> (60 - 4 * (nibble % 16))) & 0xfU];
  }
  return text;
}

}  // namespace vitals
