#include <vitals/pipeline/spine.h>

#include "sections.h"

namespace vitals::config {

void read_pipeline(Section section, pipeline::Options& pipeline) {
  section.bytes("queue_max", pipeline.queue_bytes_max, 1 << 20, 1ULL << 40);
  section.duration("evaluate_every", pipeline.evaluate_every_ms, 10, 3'600'000);
  section.count("rule_groups", pipeline.rule_groups_max, 100, 10'000'000);
  section.count("fold_events", pipeline.fold_events, 1, 100'000'000);
  section.duration("fold_every", pipeline.fold_every_ms, 10, 86'400'000);
  section.duration("alert_history", pipeline.alert_history_ms, 1'000);
}

void read_assessments(Section section, pipeline::Options& pipeline) {
  std::vector<std::string> names;
  section.texts("distrust", names);
  for (const std::string& name : names) {
    if (name.empty() || name.size() > model::kIdBytesMax) {
      section.problem("distrust", "names of evaluators have 1 to 128 bytes");
    }
  }
  pipeline.distrusted_evaluators = {names.begin(), names.end()};
}

void read_health(Section section, pipeline::HealthOptions& health) {
  section.bytes("disk_free_min", health.disk_free_min_bytes, 0);
  section.duration("stall_max", health.stall_max_ms, 1'000);
  section.duration("delivery_wait_max", health.delivery_wait_max_ms, 1'000);
  section.duration("clock_jump_max", health.clock_jump_max_ms, 1'000);
}

}  // namespace vitals::config
