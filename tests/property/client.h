#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <vitals/base/clock.h>

#include "unit/query/stand.h"

namespace vitals::property {

using test::Event;

/// Random numbers that are the same for a seed everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random(seed) {}
  std::uint64_t below(std::uint64_t n) { return random() % n; }
  DurationMs below(DurationMs n) {
    return static_cast<DurationMs>(below(static_cast<std::uint64_t>(n)));
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <class T>
  T pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

  std::mt19937_64 random;
};

/// Makes batches as clients do that have trouble with time and with the network: live events, late
/// ones, backfill of a year, events ahead of the clock; new or sent before, in part, in another
/// order, twice in one batch.
class Client {
 public:
  explicit Client(Dice& dice) : dice_(dice) {}

  std::vector<Event> batch(TimeMs now);
  /// What may be sent again.
  const std::vector<Event>& sent() const { return sent_; }

 private:
  std::vector<Event> new_events(TimeMs now);
  std::vector<Event> resent();
  Event new_event(TimeMs time_ms);

  Dice& dice_;
  std::vector<Event> sent_;  // in order of sending
};

}  // namespace vitals::property
