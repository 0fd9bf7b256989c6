#pragma once

#include <memory>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/model/batch.h>
#include <vitals/rules/evaluator.h>
#include <vitals/window/windows.h>

namespace vitals::backtest {

/// Rules with windows of their own; the time is an argument.
class Replay {
 public:
  /// The catalogue must outlive it. Errors: invalid_argument naming the rule.
  static Result<Replay> make(std::vector<rules::Rule> rules, const metrics::Catalogue& catalogue,
                             TimeMs listening_since);

  const window::Windows& windows() const { return *windows_; }
  void apply(const model::ExecutionBatch& events, TimeMs now) { windows_->apply(events, now); }
  std::vector<model::Alert> evaluate(TimeMs now) { return evaluator_->evaluate(now); }
  std::vector<model::Alert> open() const { return evaluator_->open(); }

 private:
  Replay() = default;

  std::unique_ptr<window::Windows> windows_;  ///< stays where it is: the evaluator refers to it
  std::unique_ptr<rules::Evaluator> evaluator_;
};

}  // namespace vitals::backtest
