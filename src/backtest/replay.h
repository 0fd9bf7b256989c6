#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/model/batch.h>
#include <vitals/rules/evaluator.h>
#include <vitals/rules/reading.h>
#include <vitals/window/windows.h>

namespace vitals::backtest {

/// Rules with windows of their own; the time is an argument.
class Replay {
 public:
  /// Answers conditions on history, as it was at a moment.
  using ReadHistory =
      std::function<Result<std::vector<rules::GroupReading>>(const rules::Rule& rule, TimeMs now)>;

  /// The catalogue must outlive it. Errors: invalid_argument naming the rule.
  static Result<Replay> make(std::vector<rules::Rule> rules, const metrics::Catalogue& catalogue,
                             TimeMs listening_since, ReadHistory read_history);

  const window::Windows& windows() const { return *windows_; }
  void apply(const model::ExecutionBatch& events, TimeMs now) { windows_->apply(events, now); }
  /// Components of the daemon that are not well, and why. Until the first call nothing is known, as
  /// in a back-test: `unhealthy` never holds.
  void health(std::map<std::string, std::string> unwell) { evaluator_->health(std::move(unwell)); }
  /// Reads what history is due, and judges. A reading that fails keeps the one before, as in the
  /// daemon.
  std::vector<model::Alert> evaluate(TimeMs now);
  std::vector<model::Alert> open() const { return evaluator_->open(); }

  std::uint64_t readings() const { return readings_; }  ///< of history
  std::uint64_t readings_failed() const { return readings_failed_; }
  const std::string& last_failure() const { return last_failure_; }

 private:
  Replay() = default;

  std::unique_ptr<window::Windows> windows_;  ///< stays where it is: the evaluator refers to it
  std::unique_ptr<rules::Evaluator> evaluator_;
  ReadHistory read_history_;
  std::uint64_t readings_ = 0;
  std::uint64_t readings_failed_ = 0;
  std::string last_failure_;
};

}  // namespace vitals::backtest
