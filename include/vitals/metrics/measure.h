#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <vitals/model/batch.h>

namespace vitals::metrics {

/// A number per execution that can be averaged: the event's own numbers (same order as
/// model::Number), then those derived from several of them.
enum class Measure : std::uint8_t {
  total_tokens = model::kNumberCount,  ///< input + output, those present
  response_quality,                    ///< q of 04-metrics: weighted mean of the dimensions present
  satisfaction,                        ///< r' : rating weighted by sentiment
};
inline constexpr std::size_t kMeasureCount = model::kNumberCount + 3;

constexpr Measure measure_of(model::Number number) { return static_cast<Measure>(number); }
constexpr std::size_t index(Measure measure) { return static_cast<std::size_t>(measure); }

/// Weights and budgets of the formulas (04-metrics); all configurable.
struct Options {
  struct QualityWeights {
    double clarity = 1, accuracy = 1, completeness = 1, relevance = 1;
  } quality;
  double sentiment_weight = 0.2;  ///< λ
  struct Efficiency {
    double time_s = 30, tokens = 4000, iterations = 1;  ///< budgets
    double time_weight = 0.5, tokens_weight = 0.3, iterations_weight = 0.2;
  } efficiency;
  struct OverallWeights {
    double success = 1, quality = 1, efficiency = 1, satisfaction = 1;
  } overall;
};

/// A batch with what cells need of it beyond its columns, computed once: derived measures per row,
/// hashes per pseudonym. References the batch. Immutable.
class MeasuredBatch {
 public:
  MeasuredBatch(const model::ExecutionBatch& batch, const Options& options);

  const model::ExecutionBatch& batch() const { return *batch_; }
  /// Empty when no row has a value; else one per row, NaN where absent.
  const std::vector<double>& column(Measure measure) const {
    const std::size_t i = index(measure);
    return i < model::kNumberCount ? batch_->numbers[i] : derived_[i - model::kNumberCount];
  }

  /// hash64() of every user and session, by its code in the batch's dictionary.
  const std::vector<std::uint64_t>& user_hashes() const { return user_hashes_; }
  const std::vector<std::uint64_t>& session_hashes() const { return session_hashes_; }

 private:
  const model::ExecutionBatch* batch_;
  std::array<std::vector<double>, 3> derived_;
  std::vector<std::uint64_t> user_hashes_;
  std::vector<std::uint64_t> session_hashes_;
};

/// The columns of the log that computing `measure` needs.
void require_measure(Measure measure, model::ColumnSet& columns);

}  // namespace vitals::metrics
