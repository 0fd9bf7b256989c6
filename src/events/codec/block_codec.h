#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/block.h>
#include <vitals/model/batch.h>
#include <vitals/model/filter.h>

#include "names.h"

namespace vitals::events {

/// Most rows a block can have.
inline constexpr std::size_t kBlockRowsMax = 1ULL << 18U;

/// What becomes one block: rows [begin, end) of a batch.
struct BlockSource {
  const model::ExecutionBatch& batch;
  std::size_t begin;
  std::size_t end;
  Position first;                       ///< of the block; its name in the store
  std::span<const Position> positions;  ///< one per row, ascending; empty when first, first+1, …
  TimeMs arrival_ms;
};

/// Turns rows into the bytes of docs/formats/event-block.md. Keeps buffers and a compression
/// context between blocks; not thread-safe.
class BlockEncoder {
 public:
  BlockEncoder();
  ~BlockEncoder();

  /// `names` (null: none) gives users and sessions their numbers. Error: invalid_argument when the
  /// rows are none, too many, or too large for one block.
  Result<std::string> encode(const BlockSource& source, NameGiver* names = nullptr);

  /// Bytes of every section of the last block by tag, for measurements.
  const std::array<std::size_t, 256>& section_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Turns such bytes back. Any bytes at all are safe to give. Not thread-safe.
class BlockDecoder {
 public:
  BlockDecoder();
  ~BlockDecoder();
  BlockDecoder(BlockDecoder&&) noexcept;

  /// Only the wanted columns are decompressed and checked, and only their names are asked for. Only
  /// rows that satisfy the filters are kept: without one, not even those. Error: corruption, saying
  /// where in the block; what `names` says. Null: there are no names.
  Status decode(std::string_view bytes, const model::ColumnSet& columns, Block& block,
                const std::vector<model::Filter>& filters = {}, NameSource* names = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::events
