#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/notify/outbox.h>

namespace vitals::notify {

/// One row of the table `outbox` (docs/formats/outbox.md).
struct Row {
  Delivery delivery;
  std::string body;  ///< the same bytes on every try; not kept in the delivery log
};

std::string encode(const Row& row);
/// Errors: corruption.
Result<Row> decode(std::string_view bytes);

/// Rows that wait sort by receiver, then by age; the others by age.
enum class Space : char { waiting = 'w', dead = 'd', log = 'l' };

std::string waiting_prefix(std::string_view receiver);
std::string waiting_key(std::string_view receiver, std::uint64_t sequence);
std::string receiver_of(std::string_view waiting_key);
std::string numbered_key(Space space, std::uint64_t number);
/// The number at the end of any of these keys.
std::uint64_t number_of(std::string_view key);
/// First key after all that begin with `prefix`.
std::string end_of(std::string prefix);

}  // namespace vitals::notify
