#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <vitals/base/hash.h>
#include <vitals/model/columns.h>

namespace vitals::registry {

/// A pseudonym as it is stored: 64 bits in lower-case hexadecimal.
using PseudonymText = std::array<char, 16>;

/// Pseudonyms made lately, so that most are not made again for each batch: a direct-mapped table.
/// It knows names by 128 bits of hash and does not hold the names themselves. Not thread-safe.
class RecentNames {
 public:
  /// The pseudonyms of all names, in their order; `make` makes those that are not here. Names are
  /// hashed ahead, so that waits for the table's memory overlap.
  template <class Make>
  model::TextColumn get(const model::Dictionary& names, Make&& make) {
    if (entries_.empty()) entries_.resize(kEntries);
    model::TextColumn texts;
    texts.bytes.reserve(names.size() * PseudonymText().size());
    texts.ends.reserve(names.size());
    std::array<Hash, kAhead> hashes;
    const std::size_t count = names.size();
    for (std::size_t begin = 0; begin < count; begin += kAhead) {
      const std::size_t n = std::min(kAhead, count - begin);
      const auto name = [&](std::size_t i) {
        return names.at(static_cast<std::uint32_t>(begin + i + 1));
      };
      for (std::size_t i = 0; i < n; ++i) {
        hashes[i] = {hash64(name(i), table_seed()), hash64(name(i), ~table_seed())};
        __builtin_prefetch(&entry_of(hashes[i]));
      }
      for (std::size_t i = 0; i < n; ++i) {
        Entry& entry = entry_of(hashes[i]);
        if (entry.hash != hashes[i]) entry = {hashes[i], make(name(i))};
        texts.push_back({entry.text.data(), entry.text.size()});
      }
    }
    return texts;
  }

 private:
  static constexpr std::size_t kEntries = 1U << 16U;  // 2 MiB
  static constexpr std::size_t kAhead = 16;

  struct Hash {
    std::uint64_t low = 0, high = 0;
    bool operator==(const Hash&) const = default;
  };
  struct Entry {
    Hash hash;  ///< both 0: of no name, but for one in 2^128
    PseudonymText text{};
  };
  Entry& entry_of(const Hash& hash) { return entries_[hash.low % kEntries]; }

  std::vector<Entry> entries_;  // none until the first name
};

}  // namespace vitals::registry
