#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <vitals/base/hash.h>

namespace vitals::registry {

/// A pseudonym as it is stored: 64 bits in lower-case hexadecimal.
using PseudonymText = std::array<char, 16>;

/// Pseudonyms made lately, so that most are not made again for each batch: a direct-mapped table.
/// It knows names by 128 bits of hash and does not hold the names themselves. Not thread-safe.
class RecentNames {
 public:
  /// The pseudonym of `name`, made by `make` when it is not here.
  template <class Make>
  PseudonymText get(std::string_view name, Make&& make) {
    if (entries_.empty()) entries_.resize(kEntries);
    const std::uint64_t low = hash64(name, table_seed());
    const std::uint64_t high = hash64(name, ~table_seed());
    Entry& entry = entries_[low % kEntries];
    if (entry.low != low || entry.high != high) entry = {low, high, make(name)};
    return entry.text;
  }

 private:
  static constexpr std::size_t kEntries = 1U << 16U;  // 2 MiB
  struct Entry {
    std::uint64_t low = 0, high = 0;  ///< both 0: of no name, but for one in 2^128
    PseudonymText text{};
  };
  std::vector<Entry> entries_;  // none until the first name
};

}  // namespace vitals::registry
