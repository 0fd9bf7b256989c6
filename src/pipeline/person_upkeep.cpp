#include "person_upkeep.h"

#include <algorithm>

namespace vitals::pipeline {
namespace {

/// An event may be stored so long after its pseudonyms were made, or be so far ahead of the clock.
constexpr DurationMs kUnderWayMs = 3'600'000;

}  // namespace

Status PersonUpkeep::keep_keys(TimeMs now) {
  registry::Pseudonyms& pseudonyms = parts_.pseudonyms;
  const DurationMs every_ms = options_.rotate_key_every_ms;
  if (every_ms > 0 && now - pseudonyms.key_since() >= every_ms) {
    const auto kept = pseudonyms.rotate(now);
    if (!kept) return kept.error();
    parts_.logger->info("pseudonym key rotated, as its time was up; retired keys kept: {}", *kept);
  }
  // What is older than the oldest event is gone. Feedback has the time of its execution, so it is
  // older than the key's retirement, too; interactions may have waited for theirs.
  const auto oldest = parts_.log.oldest();
  if (!oldest) return oldest.error();
  const DurationMs linger_ms = options_.signal_wait_ms + kUnderWayMs;
  const auto gone = pseudonyms.drop_retired(std::min(now, *oldest) - linger_ms);
  if (!gone) return gone.error();
  if (*gone > 0) {
    parts_.logger->info("retired pseudonym keys forgotten, as their events are gone: {}", *gone);
  }
  return {};
}

}  // namespace vitals::pipeline
