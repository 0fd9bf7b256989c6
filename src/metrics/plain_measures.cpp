#include <array>

#include <vitals/metrics/intervals.h>

#include "catalogue.h"
#include "formula.h"

namespace vitals::metrics {
namespace {

using model::Number;

struct PlainMeasure {
  Measure measure;
  std::string_view name;
  std::string_view unit;
  Direction direction;
  std::string_view description;
};

constexpr Direction kHigher = Direction::higher_is_better;
constexpr Direction kLower = Direction::lower_is_better;

constexpr std::array kPlainMeasures{
    PlainMeasure{measure_of(Number::duration_ms), "duration_ms", "ms", kLower,
                 "Duration of an execution"},
    PlainMeasure{measure_of(Number::time_to_first_token_ms), "time_to_first_token_ms", "ms", kLower,
                 "Time until the first token of the response"},
    PlainMeasure{measure_of(Number::input_tokens), "input_tokens", "tokens", kLower,
                 "Tokens sent to the model"},
    PlainMeasure{measure_of(Number::output_tokens), "output_tokens", "tokens", kLower,
                 "Tokens that the model returned"},
    PlainMeasure{Measure::total_tokens, "total_tokens", "tokens", kLower,
                 "Input and output tokens, those that are known"},
    PlainMeasure{measure_of(Number::cost_usd), "cost_usd", "USD", kLower, "Cost of an execution"},
    PlainMeasure{measure_of(Number::iterations), "iterations", "iterations", kLower,
                 "Attempts or turns that an execution took"},
    PlainMeasure{measure_of(Number::clarity), "clarity", "score", kHigher,
                 "Assessed clarity of the response, 0 to 10"},
    PlainMeasure{measure_of(Number::accuracy), "accuracy", "score", kHigher,
                 "Assessed accuracy of the response, 0 to 10"},
    PlainMeasure{measure_of(Number::completeness), "completeness", "score", kHigher,
                 "Assessed completeness of the response, 0 to 10"},
    PlainMeasure{measure_of(Number::relevance), "relevance", "score", kHigher,
                 "Assessed relevance of the response, 0 to 10"},
    PlainMeasure{measure_of(Number::rating), "rating", "rating", kHigher,
                 "Rating by the user, 1 to 5, as given"},
    PlainMeasure{measure_of(Number::sentiment), "sentiment", "sentiment", kHigher,
                 "Sentiment of the feedback, -1 to 1"},
    PlainMeasure{measure_of(Number::cpu_ms), "cpu_ms", "ms", kLower, "Processor time"},
    PlainMeasure{measure_of(Number::memory_bytes), "memory_bytes", "bytes", kLower, "Memory used"},
    PlainMeasure{measure_of(Number::network_bytes), "network_bytes", "bytes", kLower,
                 "Bytes sent and received"},
    PlainMeasure{measure_of(Number::language_specificity), "language_specificity", "score", kHigher,
                 "How specific the words of the prompt are, 0 to 10"},
    PlainMeasure{measure_of(Number::instruction_precision), "instruction_precision", "score",
                 kHigher, "How precise the prompt's instructions are, 0 to 10"},
    PlainMeasure{measure_of(Number::context_completeness), "context_completeness", "score", kHigher,
                 "How much of the context the prompt gives, 0 to 10"},
    PlainMeasure{measure_of(Number::redundancy), "redundancy", "share", kLower,
                 "How much of the prompt repeats itself, 0 to 1"},
    PlainMeasure{measure_of(Number::information_density), "information_density", "score", kHigher,
                 "How much each word of the prompt says, 0 to 10"},
    PlainMeasure{measure_of(Number::logical_flow), "logical_flow", "score", kHigher,
                 "How the prompt leads from step to step, 0 to 10"},
    PlainMeasure{measure_of(Number::hierarchy_clarity), "hierarchy_clarity", "score", kHigher,
                 "How clear the prompt's headings and lists are, 0 to 10"},
    PlainMeasure{measure_of(Number::section_organization), "section_organization", "score", kHigher,
                 "How the prompt is cut into sections, 0 to 10"},
};

class PlainMetric final : public Metric {
 public:
  explicit PlainMetric(const PlainMeasure& line)
      : measure_(line.measure),
        info_{.name = std::string(line.name),
              .unit = std::string(line.unit),
              .description = std::string(line.description),
              .direction = line.direction,
              .target = std::nullopt,
              .alert = std::nullopt,
              .takes_stat = true} {}

  const MetricInfo& info() const override { return info_; }

  Needs needs(const Stat& stat) const override {
    Needs needs;
    if (stat.kind == Stat::Kind::quantile) {
      needs.add_sketch(measure_);
    } else {
      needs.add_moments(measure_);
    }
    return needs;
  }

  std::optional<double> value(const Cell& cell, const Stat& stat, double seconds) const override {
    if (stat.kind == Stat::Kind::quantile) {
      const sketch::Quantiles* sketch = cell.sketch(measure_);
      if (sketch == nullptr || sketch->count() == 0) return std::nullopt;
      return sketch->quantile(stat.quantile);
    }
    const sketch::Moments* moments = cell.moments(measure_);
    if (moments == nullptr || (cell.counts.executions == 0 && moments->count == 0)) {
      return std::nullopt;
    }
    return of_moments(*moments, stat.kind, seconds);
  }

  std::uint64_t samples(const Cell& cell) const override {
    if (const sketch::Moments* moments = cell.moments(measure_)) return moments->count;
    if (const sketch::Quantiles* sketch = cell.sketch(measure_)) return sketch->count();
    return 0;
  }

  bool has_interval(const Stat& stat) const override {
    using Kind = Stat::Kind;
    return stat.kind != Kind::min && stat.kind != Kind::max && stat.kind != Kind::stddev;
  }

  std::optional<Interval> interval(const Cell& cell, const Stat& stat, double seconds,
                                   double confidence) const override {
    if (stat.kind == Stat::Kind::quantile) {
      const sketch::Quantiles* sketch = cell.sketch(measure_);
      if (sketch == nullptr || sketch->count() == 0) return std::nullopt;
      return quantile_interval(*sketch, stat.quantile, confidence);
    }
    const sketch::Moments* moments = cell.moments(measure_);
    if (moments == nullptr) return std::nullopt;
    if (stat.kind == Stat::Kind::mean) return mean_interval(*moments, confidence);
    if (stat.kind == Stat::Kind::count) return count_interval(moments->count, confidence);
    if (!has_interval(stat)) return std::nullopt;
    std::optional<Interval> sum = sum_interval(*moments, confidence);
    if (sum && stat.kind == Stat::Kind::rate) sum = {sum->low / seconds, sum->high / seconds};
    return sum;
  }

 private:
  static std::optional<double> of_moments(const sketch::Moments& moments, Stat::Kind kind,
                                          double seconds) {
    const auto count = static_cast<double>(moments.count);
    if (kind == Stat::Kind::count) return count;  // of executions without the field too: 0
    if (moments.count == 0) return std::nullopt;
    switch (kind) {
      case Stat::Kind::mean:
        return moments.total() / count;
      case Stat::Kind::sum:
        return moments.total();
      case Stat::Kind::min:
        return moments.min;
      case Stat::Kind::max:
        return moments.max;
      case Stat::Kind::rate:
        return moments.total() / seconds;
      case Stat::Kind::stddev:
        return moments.stddev();
      case Stat::Kind::count:
      case Stat::Kind::quantile:
        break;
    }
    return std::nullopt;
  }

  Measure measure_;
  MetricInfo info_;
};

}  // namespace

std::vector<MetricPtr> plain_measures() {
  std::vector<MetricPtr> metrics;
  metrics.reserve(std::size(kPlainMeasures));
  for (const PlainMeasure& line : kPlainMeasures) {
    metrics.push_back(std::make_unique<PlainMetric>(line));
  }
  return metrics;
}

}  // namespace vitals::metrics
