#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr structural_organization() {
  return make_mean_of_means(
      {.name = "structural_organization",
       .unit = "score",
       .description = "How well the prompts that were executed are organised, 0 to 10",
       .direction = Direction::higher_is_better},
      {measure_of(model::Number::logical_flow), measure_of(model::Number::hierarchy_clarity),
       measure_of(model::Number::section_organization)});
}

}  // namespace vitals::metrics
