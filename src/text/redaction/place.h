#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace vitals::text::redaction {

/// Where something may begin: at a byte of a text that no word goes on at.
struct Place {
  std::string_view text;
  std::size_t at = 0;
  std::string_view before;  ///< what has become of the text up to `at`
};

/// Bytes of a text that are to go, and what comes instead.
struct Found {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view mark;
};

// Each says whether something of its kind begins at a place. It looks only at what comes then,
// never further than it needs to, and ends where no word goes on: so a mark put there changes
// nothing for what is looked for later.
std::optional<Found> find_url(const Place& place);
std::optional<Found> find_key(const Place& place);
std::optional<Found> find_email(const Place& place);
std::optional<Found> find_ip(const Place& place);
std::optional<Found> find_iban(const Place& place);
/// A card, a phone or a number of a person.
std::optional<Found> find_digits(const Place& place);
/// A street with its house number, a box, or a postal code with its town.
std::optional<Found> find_address(const Place& place);

}  // namespace vitals::text::redaction
