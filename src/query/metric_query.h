#pragma once

#include <vitals/query/request.h>

#include "reading.h"

namespace vitals::query {

/// Answers a question about one metric from one snapshot: plan, read, summarise.
Result<MetricAnswer> answer_metric(const Sources& sources, const MetricRequest& request);

}  // namespace vitals::query
