#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/insight/causes.h>
#include <vitals/model/filter.h>
#include <vitals/query/engine.h>

namespace vitals::insight {

/// Do evaluators agree, and does one drift away from the others?
struct EvaluatorsRequest {
  Period period;
  std::vector<model::Filter> filters;
  std::uint64_t count_min = 30;  ///< executions that an evaluator shares with others, to be judged
};

enum class Trust : std::uint8_t {
  agrees,
  insufficient_data,  ///< too few executions that others have assessed too
  disagrees,          ///< kappa is below kKappaMin
  drifts,             ///< away from the others, by kDriftMin points or more in the period
  biased,             ///< by kBiasMax points or more from the others
};
/// "Moderate" agreement begins here (Landis and Koch, Biometrics 33, 1977).
inline constexpr double kKappaMin = 0.41;
inline constexpr double kBiasMax = 1;
inline constexpr double kDriftMin = 0.5;

struct Evaluator {
  std::string name;  ///< empty: runners
  std::uint64_t assessments = 0;
  std::uint64_t set_aside = 0;    ///< as outliers
  double mean = 0;                ///< of model::score_of()
  std::uint64_t shared = 0;       ///< executions that others have assessed too. Of these:
  std::optional<double> bias;     ///< mean of its score less the mean of the others'
  std::optional<double> kappa;    ///< its score and the mean of the others', in whole points
  std::optional<double> drift;    ///< of the bias, in points over the period
  std::optional<double> drift_p;  ///< how probable as much is without a trend
  Trust trust = Trust::insufficient_data;
};

struct Evaluators {
  Period period;                 ///< that was answered
  std::uint64_t executions = 0;  ///< assessed
  std::uint64_t shared = 0;      ///< by two or more
  std::optional<double> icc;     ///< of these
  std::vector<Evaluator> all;    ///< by name
};

/// By analytics::weighted_kappa(), intraclass_correlation() and robust_trend() of the mean bias of
/// twelfths of the period. Errors: those of Engine::assessments().
Result<Evaluators> compare_evaluators(const query::Engine& engine,
                                      const EvaluatorsRequest& request);

}  // namespace vitals::insight
