#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/model/columns.h>

#include "integers.h"

namespace vitals::events {

/// Of one column of a block; bounds what damaged bytes can ask for.
inline constexpr std::uint64_t kTextBytesMax = 1ULL << 26U;

/// Texts, best where all have one shape, as ids have: the same literals around fields of
/// lower-case hexadecimal digits (`018f3c2e-…`, a pseudonym's 16 digits), which are then columns
/// of numbers. Other texts are a common prefix, their lengths and their bytes. Not thread-safe.
class TextWriter {
 public:
  /// False when they are more than one block can hold.
  [[nodiscard]] bool write(std::span<const std::string_view> texts, IntegerWriter& integers,
                           StreamWriter& streams, std::string& out);

 private:
  std::vector<std::uint64_t> numbers_;
  std::string bytes_;
};

/// Reads `n` texts that TextWriter wrote; false when they are damaged. `scratch` only saves
/// allocations.
bool read_texts(ByteReader& in, std::size_t n, StreamReader& streams,
                std::vector<std::uint64_t>& scratch, model::TextColumn& texts);

}  // namespace vitals::events
