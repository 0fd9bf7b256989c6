#pragma once

#include <string>
#include <string_view>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>

namespace vitals::query {

/// Where an event stands in the order of executions, newest first: by time, then by log position.
/// It stays where it is whatever is appended or merged, and so does a cursor made of it.
struct Place {
  TimeMs time_ms;
  events::Position position;

  bool newer_than(const Place& other) const {
    return time_ms != other.time_ms ? time_ms > other.time_ms : position > other.position;
  }
};

/// 32 hexadecimal digits.
std::string to_cursor(const Place& place);
/// Error: invalid_argument.
Result<Place> parse_cursor(std::string_view cursor);

}  // namespace vitals::query
