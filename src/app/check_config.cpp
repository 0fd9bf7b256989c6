#include "check_config.h"

#include <vitals/metrics/metric.h>
#include <vitals/rules/evaluator.h>
#include <vitals/window/windows.h>

namespace vitals::app {

Status check_rules(const config::Config& config) {
  const metrics::Catalogue catalogue(config.metrics);
  window::Windows windows(config.metrics);
  const auto evaluator = rules::Evaluator::make(config.rules, catalogue, windows);
  if (!evaluator) return evaluator.error();
  return {};
}

}  // namespace vitals::app
