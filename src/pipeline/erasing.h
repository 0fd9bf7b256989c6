#pragma once

#include <functional>
#include <set>
#include <span>

#include <vitals/base/result.h>
#include <vitals/base/uuid.h>
#include <vitals/events/event_log.h>
#include <vitals/events/log_view.h>
#include <vitals/model/signal.h>
#include <vitals/pipeline/erasure.h>
#include <vitals/pipeline/maintenance.h>
#include <vitals/registry/erasures.h>

namespace vitals::pipeline {

/// Takes persons out of all that is stored (docs/privacy.md). What is to be done is written down
/// first, so that a start finishes what a crash has cut short; every step may be done twice. Of
/// the maintenance thread.
class Erasing {
 public:
  /// What else maintenance does about events that have changed.
  struct Upkeep {
    std::function<Status(events::Position end)> fold_through;
    std::function<Status()> rebuild_cells;
    std::function<Status()> forget_names;
  };
  Erasing(const MaintenanceParts& parts, Upkeep upkeep)
      : parts_(parts), upkeep_(std::move(upkeep)) {}

  Result<ErasureProof> erase(const model::Persons::Names& users);
  /// Goes on with what was asked for and is not done. True when something is left, as somebody
  /// reads what was there before.
  Result<bool> resume();

 private:
  Status save(const registry::Erasure& erasure);
  Result<ErasureProof> finish(registry::Erasure& erasure);
  Status make_key(registry::Erasure& erasure);
  Status find_sessions(registry::Erasure& erasure, ErasureProof& proof);
  Status rewrite(registry::Erasure& erasure, ErasureProof& proof);
  Status rewrite_newer(const registry::Erasure& erasure, ErasureProof& proof);
  /// What is to be rewritten.
  struct Part {
    const model::Persons& persons;
    events::Position first;
    events::Position end;
  };
  Result<std::set<std::string, std::less<>>> executions_of(const Part& part) const;
  Status rewrite_blocks(const Part& part, const model::Disguise& disguise, ErasureProof& proof);
  /// Shows rows of the log with the people they are of, but for damaged blocks, which are told when
  /// they are to be rewritten.
  using Visitor = std::function<void(const model::ExecutionBatch&, std::span<const std::uint32_t>)>;
  Status look(events::ScanRequest request, const Visitor& visitor) const;
  /// Of what was rewritten, or, when that is not known any more, of everything.
  Result<bool> purge(bool everything);
  void log(const ErasureProof& proof) const;

  const MaintenanceParts& parts_;
  const Upkeep upkeep_;
  UuidGenerator ids_;
  events::Position first_block_ = std::numeric_limits<events::Position>::max();
  events::Position last_block_ = 0;
  std::set<TimeMs> days_;
  bool purge_begun_ = false;  ///< since the start
};

}  // namespace vitals::pipeline
