#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <vitals/metrics/metric.h>

namespace vitals::config {

/// What values of a metric can be: the least and the most.
std::pair<double, double> value_range(const metrics::MetricInfo& info, const metrics::Stat& stat);

/// What to tell about a metric that is not known.
std::string unknown_metric_text(const metrics::Catalogue& catalogue, std::string_view name);

}  // namespace vitals::config
