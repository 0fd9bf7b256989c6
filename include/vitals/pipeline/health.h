#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::pipeline {

/// Beyond what a part of the daemon is not well.
struct HealthOptions {
  std::uint64_t disk_free_min_bytes = 1ULL << 30;  ///< in the data folder; 0 does not look
  DurationMs stall_max_ms = 10'000;                ///< between two turns of the spine
  DurationMs delivery_wait_max_ms = 600'000;       ///< of the oldest notification of a receiver
  DurationMs clock_jump_max_ms = 10'000;           ///< of the wall clock against the steady one
};

/// What the daemon sees of itself at one moment.
struct Observation {
  TimeMs now = 0;
  std::int64_t monotonic_us = 0;
  bool storing = true;     ///< the last commit was taken
  double queue_share = 0;  ///< of the intake's room that is taken, 0 to 1
  std::optional<std::uint64_t> disk_free_bytes = {};  ///< nothing: it is not known
  struct Receiver {
    std::string name;
    bool paused = false;   ///< it failed so often that it is left alone for a while
    TimeMs oldest_at = 0;  ///< since when something waits for it; 0: nothing does
  };
  std::vector<Receiver> receivers = {};
};

/// Judges the daemon's own parts: store, spine, outbox, disk, clock. No I/O, no clock of its own.
class HealthMonitor {
 public:
  explicit HealthMonitor(HealthOptions options) : options_(options) {}

  /// The parts that are not well, and why, in words. What was seen for a moment, a stall or a jump
  /// of the clock, is told for five minutes. Once per evaluation of the rules, by one thread.
  std::map<std::string, std::string> check(const Observation& seen);

 private:
  /// Something that is over when it is seen.
  struct Moment {
    std::int64_t until_us = 0;
    std::string why;
  };
  void note_stall(const Observation& seen);
  void note_jump(const Observation& seen);

  HealthOptions options_;
  std::optional<Observation> last_;
  Moment stall_;
  Moment jump_;
};

}  // namespace vitals::pipeline
