#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "session.h"

namespace vitals::cli {

/// What became of the executions that were sent.
struct Receipt {
  struct Refusal {
    std::uint64_t line = 0;  ///< of the body, from 1
    std::string field;
    std::string reason;
  };
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
  std::vector<Refusal> refusals;  ///< the first ones that the daemon names
};

/// Sends NDJSON to POST /api/v1/executions. While the daemon is busy (429, 503) or not reachable it
/// waits, as long as it is told to or ever longer, and tries again. An answer that was lost on its
/// way is asked for again only if every line has an id: others might be counted twice. Errors:
/// unavailable when it gives up, else what the daemon said to the request as a whole.
Result<Receipt> upload(Session& session, const std::string& body, bool backfill);

}  // namespace vitals::cli
