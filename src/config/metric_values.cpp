#include "metric_values.h"

#include <limits>
#include <vector>

#include <vitals/base/nearest.h>

namespace vitals::config {

std::pair<double, double> value_range(const metrics::MetricInfo& info, const metrics::Stat& stat) {
  using metrics::Stat;
  constexpr double most = std::numeric_limits<double>::max();
  const bool of_values = stat.kind == Stat::Kind::mean || stat.kind == Stat::Kind::min ||
                         stat.kind == Stat::Kind::max || stat.kind == Stat::Kind::quantile;
  if (!of_values && info.takes_stat)
    return {stat.kind == Stat::Kind::sum ? std::numeric_limits<double>::lowest() : 0, most};
  if (info.unit == "percent") return {0, 100};
  // There are two scales; targets of the longer one lie beyond the shorter.
  if (info.unit == "score") return {0, info.target.value_or(0) > 10 ? 100 : 10};
  if (info.unit == "rating") return {1, 5};
  if (info.unit == "sentiment") return {-1, 1};
  if (info.unit == "share") return {0, 1};
  return {0, most};
}

std::string unknown_metric_text(const metrics::Catalogue& catalogue, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& one : catalogue.all()) names.push_back(one->info().name);
  const std::string_view near = nearest(name, names);
  return "there is no metric '" + std::string(name) + "'" +
         (near.empty() ? std::string("; 'vitalsctl metrics' lists them")
                       : "; did you mean '" + std::string(near) + "'?");
}

}  // namespace vitals::config
