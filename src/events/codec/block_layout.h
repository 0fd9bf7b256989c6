#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::events {

/// Tags of sections, in the order in which they stand.
inline constexpr std::uint8_t kTimeTag = 0;
inline constexpr std::uint8_t kPositionsTag = 1;
inline constexpr std::uint8_t kOutcomeTag = 2;
inline constexpr std::uint8_t kIdsTag = 3;
inline constexpr std::uint8_t kAttributesTag = 4;
inline constexpr std::uint8_t kKindsTag = 5;
inline constexpr std::uint8_t kLabelTag = 16;   ///< + index(Label)
inline constexpr std::uint8_t kNumberTag = 64;  ///< + index(Number)

/// Version 2 may have names by number, 4 also multiples; 1 has neither. 7 is 4 with kinds of rows,
/// which a reader that does not know them must not take for executions. No flipped bit makes one of
/// them another.
inline constexpr std::uint8_t kVersion = 4;
inline constexpr std::uint8_t kVersionWithKinds = 7;
inline constexpr std::uint8_t kVersionWithoutNames = 1;
inline constexpr std::uint8_t kVersionWithNames = 2;

/// The frame around a block's sections: version, header, directory, checksums.
struct BlockLayout {
  struct Section {
    std::uint8_t tag;
    std::string_view bytes;
    std::uint32_t checksum;
    bool intact() const;
  };

  std::uint8_t version = kVersion;
  std::uint64_t first = 0;
  std::uint64_t rows = 0;
  TimeMs min_ms = 0;
  TimeMs max_ms = 0;
  TimeMs arrival_ms = 0;
  std::vector<Section> sections;  ///< ascending by tag; bytes are views

  std::string write() const;
  /// Null when the frame is whole, else what is wrong. Sections are not checked yet.
  const char* read(std::string_view block);
};

}  // namespace vitals::events
