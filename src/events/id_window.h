#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/events/block.h>

namespace vitals::events {

/// Remembers ids by hash in about 5 bytes each: which of them *may* have been seen, and in which
/// small range of positions, so that the log can be asked. It never forgets an id it should know.
///
/// Generations of a fixed number of positions; each is a table of cache lines of 16 entries, an
/// entry being a 20-bit fingerprint and which 4096th of its generation's positions it is in.
/// A full line spills into the next. The first generations are small, so memory grows with use.
/// One thread.
class IdWindow {
 public:
  struct Range {
    Position begin;
    Position end;
  };

  /// Positions must ascend; `arrival_ms` is when the id arrived.
  void add(std::uint64_t hash, Position position, TimeMs arrival_ms);

  /// Asks the processor for the lines that find() will look at …
  void prefetch(std::uint64_t hash) const;
  /// … or for the one that add() will, unless it starts a generation.
  void prefetch_add(std::uint64_t hash) const;

  /// Adds where this id may be to `ranges`.
  void find(std::uint64_t hash, std::vector<Range>& ranges) const;

  /// Forgets generations that lie wholly before this position, or before `recent` when they arrived
  /// wholly before this time.
  void forget(Position before, Position recent, TimeMs arrived_before_ms);

  std::uint64_t ids() const { return ids_; }
  std::size_t memory_bytes() const;

 private:
  struct alignas(64) Line {
    std::array<std::uint32_t, 16> entries{};
  };
  struct Generation {
    Position base;
    std::uint64_t positions;  ///< it can hold
    std::uint64_t ids = 0;
    Position newest;
    TimeMs newest_arrival_ms;
    std::vector<Line> lines;
  };

  static std::size_t line_of(const Generation& generation, std::uint64_t hash);
  void start_generation(Position base);

  std::deque<Generation> generations_;  // oldest first
  std::uint64_t ids_ = 0;
};

}  // namespace vitals::events
