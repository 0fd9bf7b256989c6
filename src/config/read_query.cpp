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
  section.retention("retention", config.pipeline.personal_retention_ms, 1'000, events::kForever);
  section.text("key_file", config.key_file);
  // Each retired key is one more name to look for wherever somebody is.
  constexpr DurationMs kRotateMinMs = kHourMs;
  DurationMs& rotate = config.pipeline.rotate_key_every_ms;
  section.duration("rotate_every", rotate, 0);
  if (rotate > 0 && rotate < kRotateMinMs) {
    section.problem("rotate_every", "expected 0 (only when it is asked for) or 1h and more");
  }
  section.choice<bool>("comments", config.keep_comments, {{"drop", false}, {"redacted", true}});
}

}  // namespace vitals::config
