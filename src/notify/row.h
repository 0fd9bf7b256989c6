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
  /// What is told; a channel makes its message of it at each try. Not kept in the delivery log.
  std::optional<model::Alert> alert;
  /// Of rows that an earlier version wrote: the webhook's body.
  std::string body;
  std::string group;           ///< incidents that share messages; "" shares none
  std::string message;         ///< id of the message it goes in with others; "" goes alone
  std::uint32_t failures = 0;  ///< tries that failed while the receiver took others
  TimeMs queued_at = 0;        ///< giving up counts from here
  TimeMs tried_at = 0;         ///< the last time; 0: never
  DurationMs repeat_ms = 0;    ///< as of Recipient
  std::string memory;          ///< what the channel remembers of the incident
};

std::string encode(const Row& row);
/// The same for rows of several receivers: `told` is encode(*row.alert).
std::string encode(const Row& row, std::string_view told);
/// Errors: corruption.
Result<Row> decode(std::string_view bytes);
/// The event of that name; actions and unknown ones are `firing`.
Event event_of(std::string_view name);

/// The kinds of rows, in order of their keys. What is put back precedes what waits, as it is older.
enum class Space : char {
  action = 'a',    ///< outcomes of actions, by incident
  dead = 'd',      ///< dead letters, by age
  log = 'l',       ///< the delivery log, by age
  put_back = 'p',  ///< dead letters that wait once more, by their number of before
  waiting = 'q',   ///< by age
  told = 't',      ///< what open incidents' receivers heard last, by receiver and incident
  old = 'w',       ///< waiting, as an earlier version wrote it: by receiver, then by age
};

std::string numbered_key(Space space, std::uint64_t number);
/// The number at the end of any of these keys.
std::uint64_t number_of(std::string_view key);
std::string told_key(std::string_view receiver, std::string_view incident);
std::string action_key(std::string_view incident);
std::string old_key(std::string_view receiver, std::uint64_t number);
std::string begin_of(Space space);
std::string end_of(Space space);

}  // namespace vitals::notify
