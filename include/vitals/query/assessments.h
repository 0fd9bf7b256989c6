#pragma once

#include <cstddef>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/assessment.h>
#include <vitals/model/filter.h>

namespace vitals::query {

/// What evaluators said of executions of [from_ms, to_ms).
struct AssessmentsRequest {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  std::vector<model::Filter> filters;  ///< user and session already pseudonymised
};

/// More are not read by one question.
inline constexpr std::size_t kAssessmentsMax = 1'000'000;

/// An execution that evaluators have assessed.
struct AssessedExecution {
  TimeMs time_ms = 0;
  std::vector<model::Assessment> assessments;  ///< by evaluator; the runner's own first
};

struct AssessmentsAnswer {
  TimeMs from_ms = 0;  ///< what was answered: as asked for, but for edges that are kept no more
  TimeMs to_ms = 0;
  std::vector<AssessedExecution> executions;
};

}  // namespace vitals::query
