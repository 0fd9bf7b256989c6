#pragma once

#include <vitals/query/engine.h>
#include <vitals/query/request.h>

#include "reading.h"

namespace vitals::query {

/// One page of raw executions, newest first. Reads time and filter columns of the blocks that may
/// hold rows of the page, newest block first, and whole rows only of the page itself.
Result<ExecutionsPage> page_executions(const Sources& sources, const ExecutionsRequest& request);

}  // namespace vitals::query
