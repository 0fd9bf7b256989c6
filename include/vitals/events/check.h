#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/store/store.h>

namespace vitals::events {

/// What a check of the log has found.
struct LogCheck {
  std::uint64_t blocks = 0;         ///< that can be read
  std::uint64_t events = 0;         ///< in them
  std::vector<std::string> faults;  ///< one sentence each, naming the block
  std::vector<std::pair<TimeMs, TimeMs>>
      lost;  ///< first and last event of blocks that cannot be read
  std::vector<std::pair<TimeMs, TimeMs>> nobodys;  ///< likewise, of blocks without persons
  std::set<TimeMs> days;                           ///< UTC days that have events, by their starts
  store::WriteBatch mending;                       ///< sets the index right by what blocks say
};

/// Reads every block of a log that nobody changes: all checksums, the names that it refers to, and
/// whether the index says of it what it is.
LogCheck check_log(const EventLog& log, const store::Snapshot& snapshot);

}  // namespace vitals::events
