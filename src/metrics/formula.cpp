#include "formula.h"

#include <algorithm>

#include <vitals/metrics/intervals.h>

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

std::unique_ptr<const Metric> make_mean_of_metrics(
    MetricInfo info, std::vector<std::unique_ptr<const Metric>> parts,
    std::function<std::uint64_t(const Cell& cell)> samples) {
  Formula formula;
  formula.info = std::move(info);
  bool tell = true;
  for (const auto& part : parts) {
    formula.needs.merge(part->needs({}));
    tell = tell && part->has_interval({});
  }
  // Shared, because a std::function must be able to copy what it holds.
  const auto all =
      std::make_shared<const std::vector<std::unique_ptr<const Metric>>>(std::move(parts));
  formula.value = [all](const Cell& cell, double seconds) {
    WeightedMean mean;
    for (const auto& part : *all) {
      if (const auto value = part->value(cell, {}, seconds)) mean.add(1, *value);
    }
    return mean.value();
  };
  formula.samples = std::move(samples);
  if (!tell) return make_metric(std::move(formula));
  formula.interval = [all](const Cell& cell, double seconds, double confidence) {
    MeanOfIntervals mean;
    for (const auto& part : *all) {
      const auto interval = part->interval(cell, {}, seconds, confidence);
      if (interval) mean.add(1, *part->value(cell, {}, seconds), *interval);
    }
    return mean.interval();
  };
  return make_metric(std::move(formula));
}

std::unique_ptr<const Metric> make_share_of_errors(MetricInfo info, std::uint64_t Counts::*yes,
                                                   std::uint64_t Counts::*known) {
  return make_metric({
      .info = std::move(info),
      .needs = {},
      .value = [yes, known](const Cell& cell, double) -> std::optional<double> {
        return 10 * static_cast<double>(cell.counts.*yes) / static_cast<double>(cell.counts.*known);
      },
      .samples = [known](const Cell& cell) { return cell.counts.*known; },
      .interval = [yes, known](const Cell& cell, double,
                               double confidence) -> std::optional<Interval> {
        const auto share = share_interval(cell.counts.*yes, cell.counts.*known, confidence);
        if (!share) return std::nullopt;
        return Interval{10 * share->low, 10 * share->high};
      },
  });
}

Needs moments_needed(const std::vector<Measure>& measures) {
  Needs needs;
  for (const Measure measure : measures) needs.add_moments(measure);
  return needs;
}

}  // namespace vitals::metrics
