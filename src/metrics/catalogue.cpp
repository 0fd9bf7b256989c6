#include "catalogue.h"

#include <algorithm>
#include <iterator>

namespace vitals::metrics {

Catalogue::Catalogue(const Options& options) : options_(options) {
  metrics_.push_back(execution_success_rate());
  metrics_.push_back(response_quality_score());
  metrics_.push_back(completion_time());
  metrics_.push_back(task_completion_efficiency(options.efficiency));
  metrics_.push_back(user_satisfaction_rating());
  metrics_.push_back(clarity_effectiveness());
  metrics_.push_back(efficiency_optimization(options.efficiency));
  metrics_.push_back(error_handling_robustness());
  metrics_.push_back(structural_organization());
  metrics_.push_back(overall_performance_score(options));
  metrics_.push_back(token_efficiency(options.efficiency));
  metrics_.push_back(redundancy_elimination());
  metrics_.push_back(error_detection_accuracy());
  metrics_.push_back(error_recovery_rate());
  metrics_.push_back(graceful_degradation());
  metrics_.push_back(executions());
  metrics_.push_back(successes());
  metrics_.push_back(errors());
  metrics_.push_back(throughput());
  metrics_.push_back(concurrency());
  metrics_.push_back(tokens_per_success());
  metrics_.push_back(cost_per_success());
  metrics_.push_back(users());
  metrics_.push_back(sessions());
  std::vector<MetricPtr> plain = plain_measures();
  std::move(plain.begin(), plain.end(), std::back_inserter(metrics_));
}

const Metric* Catalogue::find(std::string_view name) const {
  const auto at = std::find_if(metrics_.begin(), metrics_.end(),
                               [name](const MetricPtr& m) { return m->info().name == name; });
  return at == metrics_.end() ? nullptr : at->get();
}

}  // namespace vitals::metrics
