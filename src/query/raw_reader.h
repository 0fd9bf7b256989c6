#pragma once

#include <memory>
#include <string>
#include <vector>

#include <vitals/events/log_view.h>
#include <vitals/metrics/measure.h>
#include <vitals/model/filter.h>

#include "deadline.h"
#include "tallies.h"

namespace vitals::query {

/// Events with from_ms ≤ time < to_ms at log positions from `first` to before `end`.
struct RawStretch {
  TimeMs from_ms;
  TimeMs to_ms;
  events::Position first;
  events::Position end;
};

/// Which raw events a question wants, and what of them.
class RawWork {
 public:
  /// Keeps references to all but the columns.
  RawWork(const events::LogView& log, const std::vector<model::Filter>& filters,
          const std::vector<std::string>& group_by, const metrics::Needs& needs,
          const metrics::Options& options);

  /// Plans to read events with from_ms ≤ time < to_ms at log positions ≥ first.
  Status add(TimeMs from_ms, TimeMs to_ms, events::Position first);
  /// Rows of the blocks that hold them.
  std::uint64_t rows() const { return rows_; }
  /// What was planned, cut at blocks into so many parts of about as many rows.
  std::vector<std::vector<RawStretch>> parts(std::size_t count) const;

 private:
  friend class RawBlocks;
  friend class RawReader;
  /// A stretch, and how much there is from the beginning of each of its blocks.
  struct Planned {
    RawStretch stretch;
    std::vector<events::LogView::BlockInfo> blocks;
  };

  const events::LogView& log_;
  const std::vector<model::Filter>& filters_;
  const std::vector<std::string>& group_by_;
  const metrics::Options& options_;
  model::ColumnSet columns_;
  std::vector<Planned> planned_;
  std::uint64_t rows_ = 0;
};

/// Walks a part of them, block by block.
class RawBlocks {
 public:
  /// Keeps a reference.
  RawBlocks(const RawWork& work, std::vector<RawStretch> stretches)
      : work_(&work), stretches_(std::move(stretches)) {}

  /// Reads one block; false: there are no more.
  Result<bool> step(const Deadline& deadline);
  /// What was read last, and which of its rows are wanted, to be taken; none between two stretches.
  const events::Block& block() const { return block_; }
  std::vector<std::uint32_t>& rows() { return rows_; }

 private:
  void select(const RawStretch& stretch);

  const RawWork* work_;
  std::vector<RawStretch> stretches_;
  std::size_t at_ = 0;                       // of stretches_
  std::unique_ptr<events::BlockScan> scan_;  // of that one
  events::Block block_;
  std::vector<std::uint32_t> rows_;
};

/// Adds a part of them to tallies, block by block, each group's rows of a block at once.
class RawReader {
 public:
  /// Keeps references.
  RawReader(const RawWork& work, std::vector<RawStretch> stretches, Tallies& tallies)
      : work_(work), blocks_(work, std::move(stretches)), tallies_(tallies) {}

  /// Reads one block; false: there are no more.
  Result<bool> step(const Deadline& deadline);

 private:
  void add(const model::ExecutionBatch& batch, std::vector<std::uint32_t> rows);

  const RawWork& work_;
  RawBlocks blocks_;
  Tallies& tallies_;
};

}  // namespace vitals::query
