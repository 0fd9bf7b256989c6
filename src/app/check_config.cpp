#include "check_config.h"

#include <vitals/metrics/metric.h>
#include <vitals/notify/receiver.h>
#include <vitals/rules/evaluator.h>
#include <vitals/window/windows.h>

namespace vitals::app {

Status check(const config::Config& config) {
  const metrics::Catalogue catalogue(config.metrics);
  window::Windows windows(config.metrics);
  const auto evaluator = rules::Evaluator::make(config.rules, catalogue, windows);
  if (!evaluator) return evaluator.error();
  return notify::validate(config.notify);
}

}  // namespace vitals::app
