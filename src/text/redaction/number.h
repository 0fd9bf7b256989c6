#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace vitals::text::redaction {

constexpr std::size_t kGroupsMax = 8;
constexpr std::size_t kDigitsMax = 19;

/// A number written in groups of digits, with one sign or ") " between two: 030 1234-567.
struct GroupedNumber {
  std::array<char, kDigitsMax> digits{};
  std::size_t digit_count = 0;
  std::array<std::size_t, kGroupsMax> groups{};  ///< digits of each
  std::size_t group_count = 0;
  std::array<char, kGroupsMax> separators{};  ///< behind each; for the last one 0
  std::size_t end = 0;                        ///< in the text
};

/// The longest one with no more digits and groups than fit; nothing (no digits) where a group or a
/// word goes on behind it.
GroupedNumber read_number(std::string_view text, std::size_t at, std::string_view separators);

}  // namespace vitals::text::redaction
