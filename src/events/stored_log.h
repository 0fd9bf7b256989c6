#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/events/event_log.h>

#include "block_index.h"
#include "codec/block_codec.h"
#include "duplicates.h"
#include "id_window.h"
#include "kept_names.h"
#include "merge_plan.h"
#include "name_reader.h"
#include "name_writer.h"
#include "recent_positions.h"
#include "recent_rows.h"

namespace vitals::events {

/// Rewritten in one call of anonymize() or revise(), which are in memory together.
inline constexpr int kBlocksAtOnce = 32;

/// The event log in a store's tables `event_blocks`, `event_index`, `event_names` and
/// `event_state`.
class StoredLog final : public EventLog {
 public:
  StoredLog(store::Store& store, const Clock& clock, const Options& options, Logger logger,
            telemetry::Registry& telemetry, const Tables& tables);

  /// Checks the newest blocks and learns what is there. Once, before anything else.
  Status load();
  /// Only what is kept beside the blocks.
  Status load_state();

  void learn_ids() override;
  Result<Appended> append(std::vector<model::ExecutionBatch> batches) override;
  std::vector<Lead> suspect(std::span<const std::string_view> ids) override;
  std::shared_ptr<const model::ExecutionBatch> take_recent(Position first) override;
  Result<std::uint64_t> merge_small_blocks() override;
  Result<std::uint64_t> expire(Position before) override;
  Result<std::uint64_t> shed(std::uint64_t bytes, Position before) override;
  TimeMs kept_since(TimeMs now) const override;
  Result<Erased> erase(const std::vector<model::Filter>& filters, TimeMs from_ms, TimeMs to_ms,
                       Position first, Position before, store::WriteBatch& changes) override;

  // stored_log_persons.cpp
  Result<Anonymized> anonymize(const model::Persons& persons, const model::Disguise& disguise,
                               Position first, Position before,
                               store::WriteBatch& changes) override;
  Result<Anonymized> anonymize_old(TimeMs older_than, const model::Persons::Names& kept_tags,
                                   const model::Disguise& disguise, const Spares& spares,
                                   Position first, Position before,
                                   store::WriteBatch& changes) override;
  Result<bool> purge(Position first_block, Position last_block) override;
  Result<TimeMs> oldest() const override;

  // stored_log_revise.cpp
  Result<Revised> revise(std::span<const Position> positions, std::size_t first,
                         const Revise& change, store::WriteBatch& changes) override;

  Result<std::uint64_t> forget_names() override;

  LogStats stats() const override;
  Position end() const override { return end_.load(std::memory_order_acquire); }
  Position begin() const override { return begin_.load(std::memory_order_acquire); }
  const Options& options() const override { return options_; }
  const Tables& tables() const override { return tables_; }
  NameCache& name_cache() const override { return name_cache_; }

 private:
  // stored_log_open.cpp
  Result<std::vector<IndexEntry>> read_index() const;
  Result<std::uint64_t> new_epoch(const std::vector<IndexEntry>& entries) const;
  Status mark_last_names(std::uint64_t epoch);
  Status cut_damaged_tail(std::vector<IndexEntry>& entries);
  void note_arrivals(const std::vector<IndexEntry>& entries);
  void learn_ids_of(const Block& block, TimeMs arrival_ms);

  // stored_log.cpp
  DedupScope dedup_scope() const;
  Status commit_rows(const model::ExecutionBatch& rows, Position first, TimeMs now);
  Result<std::vector<Position>> put_rows(const model::ExecutionBatch& rows, Position first,
                                         TimeMs now, store::WriteBatch& changes);
  void remember(const std::vector<std::vector<std::uint32_t>>& fresh, const IdHashes& hashes,
                Position first, TimeMs now);

  // stored_log_persons.cpp
  /// How rows of persons are changed.
  struct Forgetting {
    const model::Disguise& disguise;
    const model::Persons::Names& kept_tags;
  };
  Status anonymize_block(Block block, const IndexEntry& entry, const model::PersonalRows& rows,
                         const Forgetting& forgetting, KeptNames& names, store::WriteBatch& changes,
                         Anonymized& done);

  // stored_log_revise.cpp
  /// Puts a block whose rows were changed in the place of what it was.
  Status rewrite(const Block& block, const IndexEntry& entry, KeptNames& names,
                 store::WriteBatch& changes);

  // stored_log_upkeep.cpp
  Status merge(std::span<const IndexEntry> entries);
  /// Blocks all of whose events are older, of those that may go.
  struct Droppable {
    TimeMs before_ms;
    Position before;
    DedupScope dedup;  ///< blocks whose ids are remembered stay

    bool may_go(const IndexEntry& entry) const {
      return entry.end <= before && !dedup.covers(entry);
    }
  };
  /// Returns how many blocks went.
  Result<std::uint64_t> drop_older(const Droppable& old);
  Result<std::uint64_t> erase_rows(const std::vector<model::Filter>& filters, TimeMs from_ms,
                                   TimeMs to_ms, Position before, Block block,
                                   const IndexEntry& entry, KeptNames& names,
                                   store::WriteBatch& changes, Erased& erased);
  /// Of names; blocks on their way may refer to it.
  std::uint64_t epoch_at_hand() const;
  /// After blocks of the epoch at hand were changed for good: nothing is in memory of how they
  /// were.
  void forget_rows(store::WriteBatch& changes);
  void put_block(store::WriteBatch& changes, const IndexEntry& entry, std::string_view bytes) const;
  void erase_block(store::WriteBatch& changes, Position first) const;
  /// The same, for good: its names may have become unused.
  void drop_block(store::WriteBatch& changes, const IndexEntry& entry) const;

  store::Store& store_;
  const Clock& clock_;
  const Options options_;
  Logger logger_;
  const Tables tables_;
  std::atomic<Position> end_{0};
  std::atomic<Position> begin_{0};
  std::atomic<TimeMs> dropped_before_{kNothingDropped};
  std::atomic<std::uint64_t> dedup_ids_{0};
  Guarded<RecentPositions> recent_;
  Guarded<RecentRows> recent_rows_;

  // Of the spine.
  IdWindow window_;
  bool ids_learned_ = false;
  BlockEncoder encoder_;
  std::vector<Position> unsure_;  // blocks of a commit that failed, yet may be in the store's log

  // The spine holds the lock from numbering names to their commit; others, only for a moment, to
  // end an epoch that no block on its way may refer to.
  mutable std::mutex names_mutex_;
  std::optional<NameWriter> names_;  // from load() on
  mutable NameCache name_cache_;

  // Of the maintenance thread.
  BlockEncoder rewriter_;
  Position settled_ = 0;  // blocks before it need no merge

  telemetry::Counter& accepted_;
  telemetry::Counter& duplicates_;
  telemetry::Histogram& commit_seconds_;
};

}  // namespace vitals::events
