#include <limits>

#include <vitals/metrics/measure.h>

#include "sections.h"

namespace vitals::config {
namespace {

constexpr double kMax = std::numeric_limits<double>::max();

void check_sum(const Section& section, double sum) {
  if (sum <= 0) section.problem("", "at least one weight must be above 0");
}

void read_quality(Section section, metrics::Options::QualityWeights& weights) {
  section.number("clarity", weights.clarity, 0, kMax);
  section.number("accuracy", weights.accuracy, 0, kMax);
  section.number("completeness", weights.completeness, 0, kMax);
  section.number("relevance", weights.relevance, 0, kMax);
  check_sum(section, weights.clarity + weights.accuracy + weights.completeness + weights.relevance);
}

void read_efficiency(Section section, metrics::Options::Efficiency& efficiency) {
  auto time_ms = static_cast<DurationMs>(efficiency.time_s * 1000);
  section.duration("time_budget", time_ms);
  efficiency.time_s = static_cast<double>(time_ms) / 1000;
  section.number("tokens_budget", efficiency.tokens, 1, kMax);
  section.number("iterations_budget", efficiency.iterations, 1, kMax);
  section.number("time_weight", efficiency.time_weight, 0, kMax);
  section.number("tokens_weight", efficiency.tokens_weight, 0, kMax);
  section.number("iterations_weight", efficiency.iterations_weight, 0, kMax);
  check_sum(section,
            efficiency.time_weight + efficiency.tokens_weight + efficiency.iterations_weight);
}

void read_overall(Section section, metrics::Options::OverallWeights& weights) {
  section.number("success", weights.success, 0, kMax);
  section.number("quality", weights.quality, 0, kMax);
  section.number("efficiency", weights.efficiency, 0, kMax);
  section.number("satisfaction", weights.satisfaction, 0, kMax);
  check_sum(section, weights.success + weights.quality + weights.efficiency + weights.satisfaction);
}

}  // namespace

void read_metrics(Section section, metrics::Options& metrics) {
  read_quality(section.section("quality_weights"), metrics.quality);
  section.number("sentiment_weight", metrics.sentiment_weight, 0, 1);
  read_efficiency(section.section("efficiency"), metrics.efficiency);
  read_overall(section.section("overall_weights"), metrics.overall);
}

}  // namespace vitals::config
