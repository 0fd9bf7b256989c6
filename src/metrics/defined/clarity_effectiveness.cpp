#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr clarity_effectiveness() {
  return make_mean_of_means(
      {.name = "clarity_effectiveness",
       .unit = "score",
       .description = "How clearly the prompts that were executed are written, 0 to 10",
       .direction = Direction::higher_is_better},
      {measure_of(model::Number::language_specificity),
       measure_of(model::Number::instruction_precision),
       measure_of(model::Number::context_completeness)});
}

}  // namespace vitals::metrics
