#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/columns.h>
#include <vitals/model/fields.h>

#include "texts.h"

namespace vitals::events {

/// Most names that a field can have in one epoch.
inline constexpr std::uint64_t kNamesMax = 1ULL << 22U;

/// Names of one field that were written together (docs/formats/event-block.md, "Names").
struct NameChunk {
  std::vector<std::uint64_t> numbers;  ///< ascending, from 1
  model::TextColumn texts;             ///< one per number, none empty
};

/// Keys of an epoch sort by field and then by number.
std::string name_key(std::uint64_t epoch, model::Label field, std::uint64_t first);
inline constexpr std::size_t kNameKeyBytes = 17;
/// 0 when the key is damaged.
std::uint64_t epoch_of(std::string_view key);

/// Writes and reads chunks; keeps buffers. Not thread-safe.
class NameChunkCodec {
 public:
  /// Error: invalid_argument when it is more than one value can hold.
  Result<std::string> encode(std::string_view key, const NameChunk& chunk);
  /// Error: corruption naming the chunk.
  Result<NameChunk> decode(std::string_view key, std::string_view value);

 private:
  StreamWriter streams_;
  IntegerWriter integers_;
  TextWriter texts_;
  StreamReader reader_;
  std::vector<std::uint64_t> scratch_;
};

}  // namespace vitals::events
