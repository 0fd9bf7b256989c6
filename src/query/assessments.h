#pragma once

#include <vector>

#include <vitals/query/assessments.h>

#include "reading.h"

namespace vitals::query {

/// Reads the log. Errors: invalid_argument (range), unprocessable where raw events are not kept any
/// more, or are too many.
Result<AssessmentsAnswer> list_assessments(const Sources& sources,
                                           const AssessmentsRequest& request);

}  // namespace vitals::query
