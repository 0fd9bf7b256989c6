#include "formula.h"

#include <algorithm>

#include "intervals.h"

namespace vitals::metrics {
namespace {

class FormulaMetric final : public Metric {
 public:
  explicit FormulaMetric(Formula formula) : formula_(std::move(formula)) {}

  const MetricInfo& info() const override { return formula_.info; }
  Needs needs(const Stat&) const override { return formula_.needs; }
  std::optional<double> value(const Cell& cell, const Stat&, double seconds) const override {
    if (samples(cell) == 0) return std::nullopt;
    return formula_.value(cell, seconds);
  }
  std::uint64_t samples(const Cell& cell) const override { return formula_.samples(cell); }
  bool has_interval(const Stat&) const override { return formula_.interval != nullptr; }
  std::optional<Interval> interval(const Cell& cell, const Stat&, double seconds,
                                   double confidence) const override {
    if (!formula_.interval || samples(cell) == 0) return std::nullopt;
    return formula_.interval(cell, seconds, confidence);
  }

 private:
  Formula formula_;
};

}  // namespace

std::unique_ptr<const Metric> make_metric(Formula formula) {
  return std::make_unique<FormulaMetric>(std::move(formula));
}

sketch::Moments moments_of(const Cell& cell, Measure measure) {
  const sketch::Moments* moments = cell.moments(measure);
  return moments != nullptr ? *moments : sketch::Moments{};
}

double mean_of(const Cell& cell, Measure measure) {
  const sketch::Moments moments = moments_of(cell, measure);
  return moments.total() / static_cast<double>(moments.count);
}

std::optional<Interval> mean_interval_of(const Cell& cell, Measure measure, double confidence) {
  return mean_interval(moments_of(cell, measure), confidence);
}

std::unique_ptr<const Metric> make_per_success(MetricInfo info, Measure spent) {
  return make_metric({
      .info = std::move(info),
      .needs = moments_needed({spent}),
      .value = [spent](const Cell& cell, double) -> std::optional<double> {
        if (cell.counts.successes == 0) return std::nullopt;
        return moments_of(cell, spent).total() / static_cast<double>(cell.counts.successes);
      },
      .samples = [spent](const Cell& cell) { return moments_of(cell, spent).count; },
  });
}

std::unique_ptr<const Metric> make_mean_of_means(MetricInfo info,
                                                 const std::vector<Measure>& terms) {
  Formula formula;
  formula.info = std::move(info);
  formula.needs = moments_needed(terms);
  formula.value = [terms](const Cell& cell, double) {
    WeightedMean mean;
    for (const Measure term : terms) {
      if (moments_of(cell, term).count != 0) mean.add(1, mean_of(cell, term));
    }
    return mean.value();
  };
  formula.samples = [terms](const Cell& cell) {
    std::uint64_t samples = 0;
    for (const Measure term : terms) samples = std::max(samples, moments_of(cell, term).count);
    return samples;
  };
  formula.interval = [terms](const Cell& cell, double,
                             double confidence) -> std::optional<Interval> {
    MeanOfIntervals mean;
    for (const Measure term : terms) {
      if (moments_of(cell, term).count == 0) continue;
      const auto interval = mean_interval_of(cell, term, confidence);
      if (!interval) return std::nullopt;
      mean.add(1, mean_of(cell, term), *interval);
    }
    return mean.interval();
  };
  return make_metric(std::move(formula));
}

Needs moments_needed(const std::vector<Measure>& measures) {
  Needs needs;
  for (const Measure measure : measures) needs.add_moments(measure);
  return needs;
}

}  // namespace vitals::metrics
