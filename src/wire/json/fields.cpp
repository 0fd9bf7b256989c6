#include "fields.h"

namespace vitals::wire::json {
namespace {

constexpr unsigned kSlotBits = 8;
constexpr std::uint8_t kFree = 0xff;
using Slots = std::array<std::uint8_t, 1U << kSlotBits>;

/// Length, two characters and the object tell all known fields apart; one multiplication spreads
/// them over the slots.
constexpr std::size_t slot_of(Group group, std::string_view key, std::uint32_t multiplier) {
  const auto character = [key](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(key[at]));
  };
  const std::uint32_t word = static_cast<std::uint32_t>(key.size()) | character(0) << 8 |
                             character(key.size() / 2) << 16 |
                             static_cast<std::uint32_t>(group) << 24;
  return (word * multiplier) >> (32 - kSlotBits);
}

constexpr bool place_all(std::uint32_t multiplier, Slots& slots) {
  slots.fill(kFree);
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    std::uint8_t& slot = slots[slot_of(kFields[i].group, kFields[i].key, multiplier)];
    if (slot != kFree) return false;
    slot = static_cast<std::uint8_t>(i);
  }
  return true;
}

struct PerfectHash {
  std::uint32_t multiplier = 0;
  Slots slots{};
};

/// Tries multipliers until no two fields share a slot; compilation stops where there is none.
constexpr PerfectHash make_perfect_hash() {
  PerfectHash hash;
  hash.multiplier = 0x9e3779b1U;
  while (!place_all(hash.multiplier, hash.slots)) hash.multiplier += 0x61c88646U;
  return hash;
}

constexpr PerfectHash kHash = make_perfect_hash();

}  // namespace

std::size_t find_field(Group group, std::string_view key) {
  if (key.empty()) return kUnknownField;
  const std::uint8_t found = kHash.slots[slot_of(group, key, kHash.multiplier)];
  if (found == kFree || kFields[found].group != group || kFields[found].key != key) {
    return kUnknownField;
  }
  return found;
}

}  // namespace vitals::wire::json
