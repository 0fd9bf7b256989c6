#pragma once

#include <vitals/query/errors.h>

#include "reading.h"

namespace vitals::query {

/// Errors by class, from raw events: cells do not say when an error was met.
Result<ErrorsAnswer> answer_errors(const Sources& sources, const ErrorsRequest& request);

}  // namespace vitals::query
