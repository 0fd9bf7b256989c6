#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

#include <vitals/base/result.h>
#include <vitals/model/signal.h>
#include <vitals/pipeline/maintenance.h>

namespace vitals::pipeline {

/// What becomes of what is stored about people as time goes by (docs/privacy.md). Of the
/// maintenance thread.
class PersonUpkeep {
 public:
  PersonUpkeep(const MaintenanceParts& parts, const Options& options,
               std::function<Status()> forget_names);

  /// Forgets retired keys of pseudonyms of which nothing is stored any more, and makes a new one
  /// when it is due; each also where the other fails.
  Status keep_keys(TimeMs now);

  /// Takes persons out of events that are older than their retention: a few blocks at a time, all
  /// of them every hour. Those of days whose cells are to be made anew wait for that. More than 0
  /// while there is more to do.
  Result<std::uint64_t> forget_old(TimeMs now);

 private:
  /// One way through the log.
  struct Pass {
    /// Of ids, with a key that only memory has: what is taken in one pass stays together.
    model::Disguise disguise;
    events::Position next = 0;
    std::uint64_t rows = 0;
    std::uint64_t unreadable = 0;
  };
  /// Blocks that were rewritten and whose files still hold what was there before.
  struct Unpurged {
    events::Position first = std::numeric_limits<events::Position>::max();
    events::Position last = 0;
  };

  /// The one under way, else a new one.
  Result<Pass> take_pass();
  Status rotate_key(TimeMs now);
  Status forget_keys(TimeMs now);
  Status end_pass(const Pass& pass);

  const MaintenanceParts& parts_;
  const Options& options_;
  const std::function<Status()> forget_names_;  ///< those that no event has any more
  std::optional<Pass> pass_;                    ///< that is under way
  TimeMs last_pass_ = 0;
  Unpurged unpurged_;
};

}  // namespace vitals::pipeline
