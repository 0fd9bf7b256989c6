#include <cmath>

#include <vitals/base/hash.h>
#include <vitals/metrics/measure.h>

namespace vitals::metrics {
namespace {

using model::kAbsent;
using model::Number;
using Column = std::vector<double>;

const Column& column_of(const model::ExecutionBatch& batch, Number number) {
  return batch.numbers[model::index(number)];
}

/// A batch column that may be empty, read as if it were full.
class Reader {
 public:
  Reader(const model::ExecutionBatch& batch, Number number) : column_(column_of(batch, number)) {}
  bool empty() const { return column_.empty(); }
  double at(std::size_t row) const { return column_.empty() ? kAbsent : column_[row]; }

 private:
  const Column& column_;
};

Column total_tokens(const model::ExecutionBatch& batch) {
  const Reader input(batch, Number::input_tokens);
  const Reader output(batch, Number::output_tokens);
  if (input.empty() || output.empty()) {
    return column_of(batch, input.empty() ? Number::output_tokens : Number::input_tokens);
  }
  Column total(batch.rows());
  for (std::size_t row = 0; row < total.size(); ++row) {
    const double in = input.at(row), out = output.at(row);
    total[row] = std::isnan(in) ? out : std::isnan(out) ? in : in + out;
  }
  return total;
}

Column response_quality(const model::ExecutionBatch& batch,
                        const Options::QualityWeights& weights) {
  struct Dimension {
    Number number;
    double weight;
  };
  const Dimension dimensions[] = {{Number::clarity, weights.clarity},
                                  {Number::accuracy, weights.accuracy},
                                  {Number::completeness, weights.completeness},
                                  {Number::relevance, weights.relevance}};
  // Σ w·s and Σ w, dimension by dimension, as their columns lie.
  Column quality, weight;
  for (const Dimension& dimension : dimensions) {
    const Column& scores = column_of(batch, dimension.number);
    if (scores.empty()) continue;
    quality.resize(batch.rows());
    weight.resize(batch.rows());
    for (std::size_t row = 0; row < scores.size(); ++row) {
      const bool present = !std::isnan(scores[row]);
      quality[row] += present ? dimension.weight * scores[row] : 0;
      weight[row] += present ? dimension.weight : 0;
    }
  }
  const Reader overall(batch, Number::overall);
  if (quality.empty()) return column_of(batch, Number::overall);
  for (std::size_t row = 0; row < quality.size(); ++row) {
    quality[row] = weight[row] > 0 ? quality[row] / weight[row] : overall.at(row);
  }
  return quality;
}

Column satisfaction(const model::ExecutionBatch& batch, double sentiment_weight) {
  const Column& rating = column_of(batch, Number::rating);
  const Reader sentiment(batch, Number::sentiment);
  Column satisfaction = rating;
  if (sentiment.empty()) return satisfaction;
  for (std::size_t row = 0; row < satisfaction.size(); ++row) {
    // Sentiment -1…1 on the scale of ratings, 1…5. An absent rating is NaN and stays so.
    const double felt = 3 + 2 * sentiment.at(row);
    if (!std::isnan(felt)) {
      satisfaction[row] = (1 - sentiment_weight) * rating[row] + sentiment_weight * felt;
    }
  }
  return satisfaction;
}

std::vector<std::uint64_t> hashes_of(const model::Dictionary& texts) {
  std::vector<std::uint64_t> hashes(texts.size() + 1);
  for (std::uint32_t code = 1; code < hashes.size(); ++code) hashes[code] = hash64(texts.at(code));
  return hashes;
}

}  // namespace

MeasuredBatch::MeasuredBatch(const model::ExecutionBatch& batch, const Options& options)
    : batch_(&batch),
      derived_{total_tokens(batch), response_quality(batch, options.quality),
               satisfaction(batch, options.sentiment_weight)},
      user_hashes_(hashes_of(batch[model::Label::user].dictionary)),
      session_hashes_(hashes_of(batch[model::Label::session].dictionary)) {}

void require_measure(Measure measure, model::ColumnSet& columns) {
  switch (measure) {
    case Measure::total_tokens:
      columns.add(Number::input_tokens);
      columns.add(Number::output_tokens);
      return;
    case Measure::response_quality:
      columns.add(Number::clarity);
      columns.add(Number::accuracy);
      columns.add(Number::completeness);
      columns.add(Number::relevance);
      columns.add(Number::overall);
      return;
    case Measure::satisfaction:
      columns.add(Number::rating);
      columns.add(Number::sentiment);
      return;
    default:
      columns.add(static_cast<Number>(measure));
  }
}

}  // namespace vitals::metrics
