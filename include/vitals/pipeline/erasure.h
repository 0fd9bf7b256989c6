#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include <vitals/base/clock.h>

namespace vitals::pipeline {

/// What the erasure of one user has done. Nothing of the user is in it: no name, no pseudonym.
struct ErasureProof {
  std::string id;  ///< of the erasure, as in the log
  TimeMs asked_at = 0;
  TimeMs done_at = 0;
  std::uint64_t executions = 0;    ///< that are nobody's now
  std::uint64_t signals = 0;       ///< likewise: feedback and interactions that came later
  std::uint64_t session_only = 0;  ///< of other users, that lost a session they shared
  TimeMs from_ms = std::numeric_limits<TimeMs>::max();  ///< of both, by event time …
  TimeMs to_ms = std::numeric_limits<TimeMs>::min();    ///< … from > to when there were none
  std::uint64_t blocks = 0;                             ///< of the log, rewritten
  std::uint64_t unreadable_blocks = 0;                  ///< damaged: nothing is known of them
  std::uint64_t users = 0;                              ///< pseudonyms that executions had
  std::uint64_t sessions = 0;
  std::uint64_t days = 0;        ///< UTC days whose cells were computed again
  std::uint64_t days_kept = 0;   ///< whose cells stay, as raw events no longer cover them
  std::uint64_t alerts = 0;      ///< that named the user or a session
  std::uint64_t deliveries = 0;  ///< likewise
  bool files_gone = false;       ///< no file of the store holds what was there before
};

}  // namespace vitals::pipeline
