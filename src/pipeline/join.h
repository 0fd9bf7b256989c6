#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/log_view.h>
#include <vitals/model/batch.h>
#include <vitals/model/signal.h>
#include <vitals/pipeline/revision.h>

namespace vitals::pipeline {

/// Rows to append, and the signals that are in them.
struct JoinedRows {
  model::ExecutionBatch rows;
  std::vector<model::Signal> signals;
};

/// What became of signals that were looked for in the log.
struct Joined {
  JoinedRows rows;    ///< feedback and interactions whose execution was found, or needs none
  JoinedRows scores;  ///< first assessments, by execution: one row for all of them
  std::vector<Revision> revisions;     ///< further ones, ascending by position
  std::uint32_t known = 0;             ///< among the first ones, said twice
  std::uint32_t too_many = 0;          ///< likewise, evaluators of one execution
  std::vector<model::Signal> missing;  ///< whose execution was not found
};

/// The ids of the rows that tell of the executions that the signals are about, each once,
/// ascending.
std::vector<std::string> ids_about(const std::vector<model::Signal>& signals);

std::vector<std::string_view> views_of(const std::vector<std::string>& texts);

/// Looks for the executions that signals are about, and what was said of their quality: where leads
/// for ids_about() say, or, without any, in the whole log. Of executions with one id the newest
/// counts. Reads the log only.
Result<Joined> join(const events::LogView& log, const std::vector<model::Signal>& signals,
                    const std::optional<std::vector<events::Lead>>& leads);

/// Why an assessment is refused.
std::string too_many_evaluators();

/// A signal, and the time that it counts at if it counts by itself.
struct Timed {
  const model::Signal* signal;
  TimeMs time_ms;
};

/// Rows of signals without an execution, or whose executions stayed unknown: feedback and
/// assessments count at the time that goes with them, interactions at their own.
model::ExecutionBatch unjoined(const std::vector<Timed>& signals);

}  // namespace vitals::pipeline
