#include <algorithm>
#include <array>

#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

/// A resource that an execution spends, the budget for it and how much it matters.
struct Term {
  Measure measure;
  double budget;
  double weight;
};
using Terms = std::array<Term, 3>;

Terms terms_of(const Options::Efficiency& options) {
  return {{{measure_of(model::Number::duration_ms), options.time_s * 1000, options.time_weight},
           {Measure::total_tokens, options.tokens, options.tokens_weight},
           {measure_of(model::Number::iterations), options.iterations, options.iterations_weight}}};
}

double score(const Term& term, double mean) {
  return mean <= term.budget ? 100 : 100 * term.budget / mean;
}

std::optional<double> efficiency(const Cell& cell, const Terms& terms) {
  WeightedMean efficiency;
  for (const Term& term : terms) {
    if (moments_of(cell, term.measure).count == 0) continue;
    efficiency.add(term.weight, score(term, mean_of(cell, term.measure)));
  }
  return efficiency.value();
}

/// Of the score of each term, which falls as its mean rises.
std::optional<Interval> efficiency_interval(const Cell& cell, const Terms& terms,
                                            double confidence) {
  MeanOfIntervals efficiency;
  for (const Term& term : terms) {
    if (moments_of(cell, term.measure).count == 0) continue;
    const auto mean = mean_interval_of(cell, term.measure, confidence);
    if (!mean) return std::nullopt;
    efficiency.add(term.weight, score(term, mean_of(cell, term.measure)),
                   {score(term, mean->high), score(term, mean->low)});
  }
  return efficiency.interval();
}

/// The executions behind the best-known term.
std::uint64_t samples_of(const Cell& cell, const Terms& terms) {
  std::uint64_t samples = 0;
  for (const Term& term : terms) {
    samples = std::max(samples, moments_of(cell, term.measure).count);
  }
  return samples;
}

}  // namespace

MetricPtr task_completion_efficiency(const Options::Efficiency& options) {
  const Terms terms = terms_of(options);
  return make_metric({
      .info = {.name = "task_completion_efficiency",
               .unit = "score",
               .description = "Mean time, tokens and iterations against their budgets, 0 to 100",
               .direction = Direction::higher_is_better,
               .target = 80,
               .alert = 60},
      .needs = moments_needed({terms[0].measure, terms[1].measure, terms[2].measure}),
      .value = [terms](const Cell& cell, double) { return efficiency(cell, terms); },
      .samples = [terms](const Cell& cell) { return samples_of(cell, terms); },
      .interval = [terms](
                      const Cell& cell, double,
                      double confidence) { return efficiency_interval(cell, terms, confidence); },
  });
}

}  // namespace vitals::metrics
