#pragma once

#include <vector>

#include <vitals/query/assessments.h>

#include "reading.h"

namespace vitals::query {

/// Reads the log. Errors: unprocessable where raw events are not kept any more, or are too many.
Result<std::vector<AssessedExecution>> list_assessments(const Sources& sources,
                                                        const AssessmentsRequest& request);

}  // namespace vitals::query
