#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/registry/pseudonyms.h>

namespace vitals::registry {

/// The keys of an installation. A plain value.
struct KeyRing {
  struct Retired {
    Pseudonyms::Key key{};
    TimeMs at = 0;  ///< when it was retired

    bool operator==(const Retired&) const = default;
  };
  Pseudonyms::Key current{};
  TimeMs since = 0;              ///< when `current` was made; 0: not known
  std::vector<Retired> retired;  ///< newest first

  bool operator==(const KeyRing&) const = default;
};

/// Retired keys that are kept at most: each is one more name to look for in every filter.
inline constexpr std::size_t kRetiredMax = 1'000;
/// So much a key file has at most.
inline constexpr std::size_t kKeyFileBytesMax = 128 * (kRetiredMax + 2);

/// A key as hexadecimal digits, and back: false when it is none.
std::string hex_of_key(const Pseudonyms::Key& key);
bool parse_key(std::string_view hex, Pseudonyms::Key& key);

/// docs/formats/pseudonym-key.md
std::string format_keys(const KeyRing& ring);
/// Reads that back, or the 32 bytes of one key that files were before. Error: invalid_argument,
/// which quotes nothing.
Result<KeyRing> parse_keys(std::string_view bytes);

}  // namespace vitals::registry
