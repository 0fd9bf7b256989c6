#pragma once

#include <map>
#include <string>
#include <vector>

#include <vitals/events/event_log.h>
#include <vitals/model/filter.h>

#include "client.h"

namespace vitals::property {

/// What must be stored, as plain rows in memory, and which ids must be recognised.
class Ledger {
 public:
  explicit Ledger(const events::Options& options) : options_(options) {}

  /// Whether an id that comes now is a duplicate. `maybe`: it is older than what is promised.
  enum class Known { no, yes, maybe };
  Known knows(const std::string& id) const;
  void add(const Event& event, const Clock& clock);
  /// Removes what an erasure does, and returns how many rows that were.
  std::uint64_t erase(const std::vector<model::Filter>& filters, TimeMs from_ms, TimeMs to_ms);

  /// To be told after every change of the clocks, and after every start.
  void clock_moved(const Clock& clock);
  void restarted(const Clock& clock);

  /// Everything that was accepted and not erased.
  const std::vector<Event>& held() const { return held_; }

 private:
  struct Arrival {
    TimeMs wall_ms;
    std::int64_t arrived_us;  ///< monotonic; since the last start it is judged by wall_ms
    std::uint64_t number;     ///< of the event, in order of acceptance
    bool promised = true;
  };

  const events::Options options_;
  std::vector<Event> held_;
  std::map<std::string, Arrival> arrivals_;
  std::uint64_t accepted_ = 0;
};

}  // namespace vitals::property
