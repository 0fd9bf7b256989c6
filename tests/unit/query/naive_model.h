#pragma once

#include <vector>

#include <vitals/query/engine.h>

#include "stand.h"

namespace vitals::test {

/// REQUIREs what adding these events up, one by one, answers: groups, points and counts exactly,
/// values to rounding, quantiles exactly from raw events and else within 1 %.
void check_answer(const query::MetricRequest& request, const query::MetricAnswer& answer,
                  const std::vector<Event>& events);

}  // namespace vitals::test
