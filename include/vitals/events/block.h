#pragma once

#include <cstdint>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/batch.h>

namespace vitals::events {

/// Number of an event in the log: ascending in order of acknowledgement, from 0. Dense, but for
/// positions that were given to events since erased, or that a damaged tail took along.
using Position = std::uint64_t;

/// One decoded block. Every row of the block that satisfies the request's filters is there, those
/// outside its time and positions too: the reader selects.
struct Block {
  Position first = 0;
  Position last = 0;                ///< of its last row, whether that is here or not
  std::uint64_t rows_held = 0;      ///< rows of the block as it is stored
  std::vector<Position> positions;  ///< one per row; empty when they are first, first+1, …
  TimeMs min_ms = 0;
  TimeMs max_ms = 0;
  TimeMs arrival_ms = 0;
  model::ExecutionBatch rows;  ///< only the requested columns are filled

  Position position(std::size_t row) const {
    return positions.empty() ? first + row : positions[row];
  }
};

}  // namespace vitals::events
