#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vitals::text {

/// The list that an entry is from; docs/third-party.md has their licences.
enum class List : std::uint8_t {
  vader,  ///< means of ten ratings, -4 … 4: words, abbreviations, emoticons
  afinn,  ///< one rating, -5 … 5, of what VADER's list lacks
  emoji   ///< one rating, -5 … 5
};

/// A word or two in lower case, an emoticon or an emoji, as people have rated it.
struct Entry {
  std::string_view name;
  double valence = 0;
  List list = List::vader;
};

/// By name, ascending by bytes. generate.mjs writes it when the room is built.
extern const std::span<const Entry> kLexicon;

std::optional<Entry> find_entry(std::string_view name);

}  // namespace vitals::text
