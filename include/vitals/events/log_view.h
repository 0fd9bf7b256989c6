#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/block.h>
#include <vitals/events/event_log.h>
#include <vitals/model/batch.h>
#include <vitals/model/filter.h>
#include <vitals/store/store.h>

namespace vitals::events {

/// Which blocks to read, and which of their columns and rows.
struct ScanRequest {
  TimeMs from_ms = std::numeric_limits<TimeMs>::min();
  TimeMs to_ms = std::numeric_limits<TimeMs>::max();  ///< exclusive
  Position first = 0;
  Position end = std::numeric_limits<Position>::max();  ///< exclusive
  model::ColumnSet columns;
  std::vector<model::Filter> filters;  ///< rows that do not satisfy all of them are left out
  bool interactions = false;           ///< wanted too: no metric counts them
};

/// The rows of a block that are requested.
std::vector<std::uint32_t> rows_within(const Block& block, const ScanRequest& request);

/// Walks blocks that overlap the request, in log order. Not thread-safe.
class BlockScan {
 public:
  virtual ~BlockScan() = default;
  /// True: `out` is the next block. False: the end. Error: corruption naming the block.
  virtual Result<bool> next(Block& out) = 0;
};

/// Reading the log on one snapshot. Thread-safe.
class LogView {
 public:
  /// Both must outlive the view's scans.
  LogView(const EventLog& log, std::shared_ptr<const store::Snapshot> snapshot);
  ~LogView();
  LogView(LogView&&) noexcept;

  std::unique_ptr<BlockScan> scan(const ScanRequest& request) const;

  /// Scans to the end: shows each block with those of its rows that are requested.
  using Visitor = std::function<Status(const Block& block, std::span<const std::uint32_t> rows)>;
  Status visit(const ScanRequest& request, const Visitor& visitor) const;

  /// One past the last position in this snapshot.
  Result<Position> end() const;

  /// An event's time range per block without decoding: for newest-first paging.
  struct BlockInfo {
    Position first;
    std::uint32_t rows;
    TimeMs min_ms;
    TimeMs max_ms;
    bool signals = false;  ///< some rows are no executions
  };
  Result<std::vector<BlockInfo>> blocks(const ScanRequest& request) const;

  /// One whole block by its first position.
  Result<Block> read(Position first, const model::ColumnSet& columns) const;

  /// The block and row of the event with this id, newest first; nothing when it is not held.
  struct Found {
    Block block;  ///< all columns
    std::size_t row;
  };
  Result<std::optional<Found>> find(std::string_view id) const;

  /// A row with one of the wanted ids.
  struct Hit {
    std::uint32_t row;  ///< of its block
    std::uint32_t id;   ///< which of them
  };
  /// Told of the blocks that have any, in log order, each with the wanted columns.
  using Seen = std::function<void(const Block& block, std::span<const Hit> hits)>;
  /// Looks for rows with these ids only where leads say, decoding each block once.
  Status locate(std::span<const std::string_view> ids, std::vector<Lead> leads,
                model::ColumnSet columns, const Seen& seen) const;
  /// Looks through all ids of all blocks before `end`, which costs about 0.1 us each.
  Status locate(std::span<const std::string_view> ids, Position end, model::ColumnSet columns,
                const Seen& seen) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::events
