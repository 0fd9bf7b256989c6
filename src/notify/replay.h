#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <vitals/notify/outbox.h>
#include <vitals/store/store.h>

#include "ledger.h"
#include "plan.h"
#include "rounds.h"

namespace vitals::notify {

/// Dead letters on their way to wait once more. None goes out after the end of its incident, as far
/// back as the delivery log tells of ends: nothing would close what it opens. Not thread-safe.
class Replaying {
 public:
  /// Finds the letters, and of which incidents the end was delivered. Reads long tables, so it does
  /// without the courier's lock. Errors: those of the store.
  static Result<Replaying> prepare(const store::Store& store, store::Table table, const Plan& plan,
                                   const Replay& replay);

  bool done() const { return next_ == keys_.size(); }
  /// Puts some of them back. Under the courier's lock; errors: those of the store.
  Status go_on(Ledger& ledger, Rounds& rounds, TimeMs now);
  const Replayed& replayed() const { return replayed_; }

 private:
  void note_ends(const std::vector<StoredRow>& told);

  std::vector<std::string> keys_;  ///< of the letters, oldest first
  std::size_t next_ = 0;
  std::set<std::pair<std::string, std::string>> over_;  ///< receivers and incidents
  std::string log_end_ = begin_of(Space::log);          ///< ends before it are in over_
  Replayed replayed_;
};

}  // namespace vitals::notify
