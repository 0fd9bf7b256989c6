#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vitals/model/batch.h>

namespace vitals::wire {

/// Why one item of a request was not taken.
struct Refusal {
  std::uint64_t item = 0;  ///< line (from 1) in NDJSON, index (from 0) in an array
  std::string field;       ///< `quality.clarity`; empty when the item as a whole is broken
  std::string reason;      ///< `must be a number from 0 to 10, is 11`
};

/// A request's items, decoded: those that are good, in columns, and those refused.
/// `batch.rows() + rejected` is the number of items sent; a broken body counts as one.
struct Decoded {
  model::ExecutionBatch batch;  ///< user and session still as sent
  std::uint64_t rejected = 0;
  std::vector<Refusal> refusals;           ///< the first kRefusalsMax
  std::uint64_t unknown_fields = 0;        ///< ignored
  std::vector<std::string> unknown_names;  ///< distinct, the first kUnknownNamesMax, printable
  bool broken = false;  ///< an object or array body that is not JSON at all: nothing was taken
};

inline constexpr std::size_t kRefusalsMax = 100;
inline constexpr std::size_t kUnknownNamesMax = 16;

}  // namespace vitals::wire
