#pragma once

#include <memory>

#include <vitals/metrics/metric.h>

namespace vitals::metrics {

// One maker per metric, each in the file of its name under defined/.
using MetricPtr = std::unique_ptr<const Metric>;

MetricPtr execution_success_rate();
MetricPtr response_quality_score();
MetricPtr completion_time();
MetricPtr task_completion_efficiency(const Options::Efficiency& options);
MetricPtr user_satisfaction_rating();
MetricPtr clarity_effectiveness();
MetricPtr efficiency_optimization(const Options::Efficiency& options);
MetricPtr error_handling_robustness();
MetricPtr structural_organization();
MetricPtr overall_performance_score(const Options& options);

// Dimensions of the detailed metrics, which are no plain measures.
MetricPtr token_efficiency(const Options::Efficiency& options);
MetricPtr redundancy_elimination();
MetricPtr error_detection_accuracy();
MetricPtr error_recovery_rate();
MetricPtr graceful_degradation();

MetricPtr executions();
MetricPtr successes();
MetricPtr errors();
MetricPtr throughput();
MetricPtr concurrency();
MetricPtr tokens_per_success();
MetricPtr cost_per_success();
MetricPtr users();
MetricPtr sessions();

/// The metrics that are one measure under a stat, from the table in plain_measures.cpp.
std::vector<MetricPtr> plain_measures();

}  // namespace vitals::metrics
