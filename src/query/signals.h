#pragma once

#include <vitals/query/engine.h>

#include "reading.h"

namespace vitals::query {

/// Adds to a page what was said later of its executions. Of all blocks only those are read that
/// have signals of the page's time.
Status add_signals(const Reading& reading, ExecutionsPage& page);

}  // namespace vitals::query
