#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/block.h>
#include <vitals/model/signal.h>

namespace vitals::pipeline {

/// Assessments of an execution, for a row that is in the log: the one that holds those of others,
/// or the execution that its runner has scored.
struct Revision {
  events::Position position = 0;
  std::string row_id;  ///< of the row; there is another since the erasure of its user
  std::vector<model::Signal> assessments;
};

/// What became of them.
struct Revisions {
  std::uint32_t accepted = 0;
  std::uint32_t known = 0;          ///< the evaluator had said just this
  std::uint32_t too_many = 0;       ///< others have assessed it
  std::vector<model::Signal> gone;  ///< the row is not there any more, or cells cannot follow it
};

/// Hands revisions, in order of position, to whom may rewrite the log; `done` is told from any
/// thread. False when that has ended: nothing was taken, and `done` will not be called.
using ReviseLog =
    std::function<bool(std::vector<Revision>, std::function<void(Result<Revisions>)> done)>;

}  // namespace vitals::pipeline
