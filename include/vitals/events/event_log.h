#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/events/block.h>
#include <vitals/model/batch.h>
#include <vitals/model/filter.h>
#include <vitals/model/persons.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::events {

inline constexpr DurationMs kForever = std::numeric_limits<DurationMs>::max();

class NameCache;

/// When names of users and sessions, which blocks refer to by number, begin anew
/// (docs/formats/event-block.md, "Names").
struct NameLimits {
  std::uint64_t rows = 1ULL << 22U;  ///< that an epoch spans
  DurationMs age_ms = kDayMs;        ///< so a name outlives its last event by no more
  std::uint64_t names = 1ULL << 20U;
  std::uint64_t bytes = 16ULL << 20U;  ///< in memory, per field
  std::uint64_t together = 64;         ///< names that get their numbers at once
};

struct Options {
  DurationMs raw_retention_ms = 30 * kDayMs;
  /// An id is remembered this long after its arrival, also by the monotonic clock since the start,
  /// so that setting the host's clock forgets nothing …
  DurationMs dedup_age_ms = kDayMs;
  std::uint64_t dedup_ids_max = 20'000'000;  ///< … or until this many newer ones have come
  std::uint32_t block_rows = 10'000;         ///< size that small blocks are merged to
  NameLimits names;
};

/// What became of one batch given to append().
struct BatchOutcome {
  std::uint32_t accepted = 0;
  std::uint32_t duplicates = 0;  ///< their id is within the dedup window, or twice in the batch
};

struct Appended {
  std::vector<BatchOutcome> outcomes;  ///< one per batch, in order
  std::shared_ptr<const model::ExecutionBatch>
      rows;            ///< what was written; null when all were known
  Position first = 0;  ///< position of rows[0]
};

/// Rows that erase() removed, by event time; from > to when there were none.
struct Erased {
  Position next = 0;  ///< where to go on
  std::uint64_t rows = 0;
  std::uint64_t signals = 0;  ///< of these, those that were no executions
  TimeMs from_ms = std::numeric_limits<TimeMs>::max();
  TimeMs to_ms = std::numeric_limits<TimeMs>::min();
};

/// Rows that anonymize() changed.
struct Anonymized {
  Position next = 0;               ///< where to go on
  std::uint64_t rows = 0;          ///< that are nobody's now
  std::uint64_t signals = 0;       ///< of these, those that are no executions
  std::uint64_t session_only = 0;  ///< of others, that lost a session
  std::uint64_t blocks = 0;        ///< rewritten
  std::uint64_t unreadable = 0;    ///< damaged blocks, which were passed over
  Position first_block = std::numeric_limits<Position>::max();  ///< rewritten …
  Position last_block = 0;
  std::set<TimeMs> days;                                ///< UTC days of the rows, by their starts
  TimeMs from_ms = std::numeric_limits<TimeMs>::max();  ///< of their events
  TimeMs to_ms = std::numeric_limits<TimeMs>::min();
};

/// Rows that revise() changed.
struct Revised {
  std::size_t next = 0;   ///< which of the positions to go on with
  std::set<TimeMs> days;  ///< UTC days of the rows, by their starts
};

/// Positions [begin, end) at which the id with this number may lie.
struct Lead {
  Position begin = 0;
  Position end = 0;
  std::uint32_t id = 0;
};

struct LogStats {
  std::uint64_t events = 0;   ///< executions held now
  std::uint64_t signals = 0;  ///< what was said of executions later, held now
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;  ///< of encoded blocks
  Position end = 0;         ///< one past the last position
  std::uint64_t dedup_ids = 0;
  TimeMs dedup_since_ms = 0;  ///< ids that arrived since then are recognised
};

/// The event log: columnar, compressed blocks in a store, the truth that every view is made from
/// (docs/formats/event-block.md). One thread appends (the spine), one maintains; readers use
/// LogView.
class EventLog {
 public:
  /// Checks the newest blocks and cuts a damaged tail back to the last whole block (and says so in
  /// the log). The store must outlive the log.
  static Result<std::unique_ptr<EventLog>> open(store::Store& store, const Clock& clock,
                                                const Options& options, Logger logger,
                                                telemetry::Registry& telemetry);
  /// The log as it lies there, for those who check it: nothing is cut back or learned, and nothing
  /// may be appended.
  static Result<std::unique_ptr<EventLog>> open_unchecked(store::Store& store, const Clock& clock,
                                                          const Options& options, Logger logger,
                                                          telemetry::Registry& telemetry);
  virtual ~EventLog() = default;

  /// Spine only. Reads the ids of the dedup window back, once: 0.1 us each, which readers need not
  /// wait for. The first append() does it otherwise.
  virtual void learn_ids() = 0;

  /// Spine only. Drops duplicates by id, writes the rest with one synced commit (as one block, or
  /// several when it is much larger than one should be), and remembers the ids. Each batch needs an
  /// id and an outcome per row. On error nothing was taken, and the same batches may be given
  /// again.
  virtual Result<Appended> append(std::vector<model::ExecutionBatch> batches) = 0;

  /// Spine only. Where executions with these ids may lie, as far as ids are remembered (the dedup
  /// window), for LogView::locate() to look.
  virtual std::vector<Lead> suspect(std::span<const std::string_view> ids) = 0;

  /// Maintenance thread only. The rows that were appended together from this position on, while
  /// they are still in memory, else null; once. Spares who follows the log reading it back.
  virtual std::shared_ptr<const model::ExecutionBatch> take_recent(Position first) = 0;

  /// Maintenance thread only. Merges runs of adjacent small blocks, keeping positions; returns how
  /// many blocks went away. Bounded work per call; 0 means nothing left to do. Blocks are not
  /// merged across hours of arrival (a 24th of the dedup age), so that their ids age together.
  virtual Result<std::uint64_t> merge_small_blocks() = 0;

  /// Maintenance thread only. Drops blocks that lie wholly before this position and whose newest
  /// event is older than raw retention. Those whose ids are remembered stay: backfill may come
  /// twice.
  virtual Result<std::uint64_t> expire(Position before) = 0;

  /// Maintenance thread only. Drops the blocks with the oldest events until so many bytes of them
  /// are gone, but none with positions from `before` on, and none that arrived within the dedup
  /// age. Returns the bytes.
  virtual Result<std::uint64_t> shed(std::uint64_t bytes, Position before) = 0;

  /// Events older than this may be gone: `now` less retention, or later where more was dropped.
  /// Thread-safe.
  virtual TimeMs kept_since(TimeMs now) const = 0;

  /// Maintenance thread only. Removes rows with `from_ms` ≤ time < `to_ms`, position < `before`,
  /// that satisfy all filters, from blocks that hold `first` or later positions, by rewriting them;
  /// the changes are added to `changes` for the caller to commit before it calls anything else
  /// here. Bounded work per call: there may be more from `next` on, until that is `before`. A
  /// removed id may be posted again.
  virtual Result<Erased> erase(const std::vector<model::Filter>& filters, TimeMs from_ms,
                               TimeMs to_ms, Position first, Position before,
                               store::WriteBatch& changes) = 0;

  /// Maintenance thread only. Takes persons out of the rows with positions in [first, before), as
  /// model::anonymize() does, by rewriting their blocks in place; positions, times, measures and
  /// the other labels stay. Committing, and bounds, as of erase(). A row's old id is not known any
  /// more: the same event posted again is a new one. Rows of one execution stay together if they
  /// get the same `disguise`.
  virtual Result<Anonymized> anonymize(const model::Persons& persons,
                                       const model::Disguise& disguise, Position first,
                                       Position before, store::WriteBatch& changes) = 0;

  /// Whether a block whose events have these times, first to last, is to be left as it is for now.
  using Spares = std::function<bool(TimeMs first_ms, TimeMs last_ms)>;
  /// Maintenance thread only. Takes persons out of all rows of blocks whose newest event is older
  /// than `older_than`, likewise, but leaves them these tags. Each block once: it is known by its
  /// index. Blocks whose ids are remembered, and spared ones, stay as they are. Positions,
  /// committing and bounds as above, but each block is looked at whole.
  virtual Result<Anonymized> anonymize_old(TimeMs older_than,
                                           const model::Persons::Names& kept_tags,
                                           const model::Disguise& disguise, const Spares& spares,
                                           Position first, Position before,
                                           store::WriteBatch& changes) = 0;

  /// A row at one of the positions given to revise(): `which` of them.
  struct RowAt {
    std::uint32_t row;
    std::size_t which;
  };
  /// Changes numbers and attributes of some of these rows, ascending, and says which.
  using Revise = std::function<std::vector<std::uint32_t>(model::ExecutionBatch& rows,
                                                          std::span<const RowAt> at)>;
  /// Maintenance thread only. Has the rows at these positions, ascending, changed in place, where
  /// they are held still; committing, and bounds, as of erase(). Cells must have had them.
  virtual Result<Revised> revise(std::span<const Position> positions, std::size_t first,
                                 const Revise& change, store::WriteBatch& changes) = 0;

  /// Maintenance thread only. Removes names of users and sessions that no block refers to since
  /// events were erased, changed or dropped; works on one epoch of names and returns 1, or 0 when
  /// none is left. Only what was dropped may have to wait until the epoch at hand ends.
  virtual Result<std::uint64_t> forget_names() = 0;

  /// Maintenance thread only. No file holds any more what blocks between these first positions, and
  /// names, were before the call: as Store::purge(), whose answer it gives.
  virtual Result<bool> purge(Position first_block, Position last_block) = 0;

  /// The time of the oldest event that any block holds, the largest time when none is held.
  /// Thread-safe.
  virtual Result<TimeMs> oldest() const = 0;

  /// Thread-safe.
  virtual LogStats stats() const = 0;
  /// One past the last position that was acknowledged. Thread-safe.
  virtual Position end() const = 0;
  /// Blocks before this position may have been dropped, even under older snapshots.
  /// Thread-safe.
  virtual Position begin() const = 0;
  virtual const Options& options() const = 0;

  /// Where the log lies in the store, for LogView.
  struct Tables {
    store::Table blocks;  ///< first position → block
    store::Table index;   ///< first position → what the block spans
    store::Table state;   ///< what must outlive blocks
    store::Table names;   ///< epoch, field and number → names of users and sessions
  };
  virtual const Tables& tables() const = 0;
  /// For LogView. Thread-safe.
  virtual NameCache& name_cache() const = 0;
};

}  // namespace vitals::events
