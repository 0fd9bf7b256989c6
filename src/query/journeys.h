#pragma once

#include <vitals/query/journeys.h>

#include "reading.h"

namespace vitals::query {

/// Follows every session through raw executions and interactions. Errors: invalid_argument (range,
/// fields), unprocessable (too many rows, beyond raw retention), deadline_exceeded.
Result<Journeys> follow_journeys(const Sources& sources, const JourneysRequest& request);

}  // namespace vitals::query
