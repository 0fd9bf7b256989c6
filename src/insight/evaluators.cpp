#include <array>
#include <cmath>
#include <map>
#include <utility>

#include <vitals/analytics/agreement.h>
#include <vitals/analytics/trend.h>
#include <vitals/insight/evaluators.h>
#include <vitals/query/assessments.h>

namespace vitals::insight {
namespace {

constexpr int kMostPoints = 10;
constexpr std::size_t kParts = 12;
/// Executions in a part of the period, for its mean to be a sample of the drift.
constexpr std::uint64_t kPartMin = 5;
constexpr double kSignificance = 0.05;

struct Mean {
  double sum = 0;
  std::uint64_t count = 0;

  void add(double value) {
    sum += value;
    ++count;
  }
  double value() const { return sum / static_cast<double>(count); }
};

/// What is known of one evaluator.
struct Record {
  Mean score;
  Mean bias;
  std::uint64_t set_aside = 0;
  std::vector<std::pair<double, double>> pairs;  ///< its score, and the mean of the others'
  std::array<Mean, kParts> parts;                ///< of the bias
};

class Comparison {
 public:
  explicit Comparison(const EvaluatorsRequest& request) : request_(request) {}

  void add(const query::AssessedExecution& execution) {
    const std::vector<model::Assessment>& all = execution.assessments;
    const std::vector<bool> aside = model::set_aside(all);
    std::vector<double> trusted;
    double together = 0;
    for (const model::Assessment& one : all) {
      if (one.distrusted) continue;
      trusted.push_back(model::score_of(one));
      together += trusted.back();
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      Record& record = records_[all[i].evaluator];
      const double score = model::score_of(all[i]);
      record.score.add(score);
      record.set_aside += aside[i] ? 1 : 0;
      const bool one_of_them = !all[i].distrusted;
      const std::size_t others = trusted.size() - (one_of_them ? 1 : 0);
      if (others == 0) continue;
      const double mean = (together - (one_of_them ? score : 0)) / static_cast<double>(others);
      record.bias.add(score - mean);
      record.pairs.emplace_back(score, mean);
      record.parts.at(part_of(execution.time_ms)).add(score - mean);
    }
    ++executions_;
    if (trusted.size() >= 2) shared_.push_back(std::move(trusted));
  }

  Evaluators compare() const {
    Evaluators found;
    found.period = request_.period;
    found.executions = executions_;
    found.shared = shared_.size();
    found.icc = analytics::intraclass_correlation(shared_);
    for (const auto& [name, record] : records_) found.all.push_back(evaluator(name, record));
    return found;
  }

 private:
  std::size_t part_of(TimeMs time) const {
    const auto [from, to] = request_.period;
    const double share = static_cast<double>(time - from) / static_cast<double>(to - from);
    return std::min(static_cast<std::size_t>(share * kParts), kParts - 1);
  }

  Evaluator evaluator(const std::string& name, const Record& record) const {
    Evaluator one;
    one.name = name;
    one.assessments = record.score.count;
    one.set_aside = record.set_aside;
    one.mean = record.score.value();
    one.shared = record.bias.count;
    if (one.shared == 0) return one;
    one.bias = record.bias.value();
    one.kappa = analytics::weighted_kappa(record.pairs, kMostPoints);
    std::vector<analytics::Sample> samples;
    for (std::size_t part = 0; part < kParts; ++part) {
      const Mean& bias = record.parts.at(part);
      if (bias.count >= kPartMin) samples.push_back({static_cast<double>(part), bias.value()});
    }
    if (const auto trend = analytics::robust_trend(samples)) {
      one.drift = trend->slope * (kParts - 1);
      one.drift_p = trend->p_value;
    }
    one.trust = trust_in(one);
    return one;
  }

  Trust trust_in(const Evaluator& one) const {
    if (one.shared < request_.count_min) return Trust::insufficient_data;
    const bool drifts = one.drift && std::abs(*one.drift) >= kDriftMin;
    if (drifts && *one.drift_p < kSignificance) return Trust::drifts;
    if (std::abs(*one.bias) >= kBiasMax) return Trust::biased;
    if (one.kappa && *one.kappa < kKappaMin) return Trust::disagrees;
    return Trust::agrees;
  }

  const EvaluatorsRequest& request_;
  std::map<std::string, Record> records_;
  std::vector<std::vector<double>> shared_;
  std::uint64_t executions_ = 0;
};

}  // namespace

Result<Evaluators> compare_evaluators(const query::Engine& engine,
                                      const EvaluatorsRequest& request) {
  const auto assessed =
      engine.assessments({request.period.from_ms, request.period.to_ms, request.filters});
  if (!assessed) return assessed.error();
  EvaluatorsRequest within = request;
  within.period = {assessed->from_ms, assessed->to_ms};
  Comparison comparison(within);
  for (const query::AssessedExecution& execution : assessed->executions) comparison.add(execution);
  return comparison.compare();
}

}  // namespace vitals::insight
