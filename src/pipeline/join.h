#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/log_view.h>
#include <vitals/model/batch.h>
#include <vitals/model/signal.h>

namespace vitals::pipeline {

/// What became of signals that were looked for in the log.
struct Joined {
  model::ExecutionBatch rows;  ///< one for each signal whose execution was found, or needs none
  std::vector<model::Signal> found;    ///< those signals, row by row
  std::vector<model::Signal> missing;  ///< the others
};

/// The ids of the executions that the signals are about, each once. Views into them.
std::vector<std::string_view> execution_ids(const std::vector<model::Signal>& signals);

/// Looks for the executions that signals are about: where leads for execution_ids() say, or,
/// without any, in the whole log. Of executions with one id the newest counts. Reads the log only.
Result<Joined> join(const events::LogView& log, const std::vector<model::Signal>& signals,
                    const std::optional<std::vector<events::Lead>>& leads);

/// Rows of signals without an execution, or whose executions stayed unknown: feedback counts by
/// itself at the time `time_ms` of each, interactions at their own.
model::ExecutionBatch unjoined(const std::vector<const model::Signal*>& signals,
                               const std::vector<TimeMs>& time_ms);

}  // namespace vitals::pipeline
