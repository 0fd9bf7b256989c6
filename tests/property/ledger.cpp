#include "ledger.h"

#include <algorithm>

namespace vitals::property {
namespace {

/// The bound on ids is exact for positions, which a failed commit may have moved on a little.
constexpr std::uint64_t kIdsSlack = 100;

}  // namespace

Ledger::Known Ledger::knows(const std::string& id) const {
  const auto found = arrivals_.find(id);
  if (found == arrivals_.end()) return Known::no;
  const Arrival& arrival = found->second;
  const bool recent = accepted_ - arrival.number + kIdsSlack < options_.dedup_ids_max;
  return arrival.promised && recent ? Known::yes : Known::maybe;
}

void Ledger::add(const Event& event, const Clock& clock) {
  held_.push_back(event);
  arrivals_[event.id] = {clock.now_ms(), clock.monotonic_us(), accepted_++};
}

std::uint64_t Ledger::erase(const std::vector<model::Filter>& filters, TimeMs from_ms,
                            TimeMs to_ms) {
  const auto gone = [&](const Event& event) {
    return event.time_ms >= from_ms && event.time_ms < to_ms &&
           std::all_of(filters.begin(), filters.end(), [&](const model::Filter& filter) {
             return filter.matches(event.field(filter.field));
           });
  };
  for (const Event& event : held_) {
    if (gone(event)) arrivals_.erase(event.id);
  }
  return std::erase_if(held_, gone);
}

void Ledger::clock_moved(const Clock& clock) {
  const std::int64_t age_us = options_.dedup_age_ms * 1000;
  for (auto& [id, arrival] : arrivals_) {
    const bool by_wall = arrival.wall_ms >= clock.now_ms() - options_.dedup_age_ms;
    const bool by_time = arrival.arrived_us >= clock.monotonic_us() - age_us;
    if (!by_wall && !by_time) arrival.promised = false;
  }
}

void Ledger::restarted(const Clock& clock) {
  for (auto& [id, arrival] : arrivals_) {
    if (arrival.wall_ms >= clock.now_ms() - options_.dedup_age_ms) {
      const DurationMs age_ms = std::max<DurationMs>(clock.now_ms() - arrival.wall_ms, 0);
      arrival.arrived_us = clock.monotonic_us() - age_ms * 1000;
    } else {
      arrival.promised = false;
    }
  }
}

}  // namespace vitals::property
