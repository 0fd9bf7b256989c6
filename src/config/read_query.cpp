#include <vitals/config/config.h>

#include "sections.h"

namespace vitals::config {

void read_query(Section section, Config& config) {
  query::Options& query = config.query;
  section.duration("deadline", query.deadline_ms, 10, 3'600'000);
  section.duration("backtest_deadline", config.backtest_deadline_ms, 10, 3'600'000);
  section.duration("slow", query.slow_query_ms);
  section.count("points_max", query.points_max, 1, 100'000'000);
  section.count("groups_max", query.groups_max, 1, 10'000'000);
}

void read_privacy(Section section, Config& config) {
  section.count("min_group", config.query.min_group, 0, 1'000'000);
}

}  // namespace vitals::config
