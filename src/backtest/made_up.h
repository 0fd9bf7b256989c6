#pragma once

#include <vector>

#include <vitals/backtest/rule_tests.h>
#include <vitals/model/batch.h>

namespace vitals::backtest {

/// The executions of a test, in order of time.
class MadeUp {
 public:
  /// The test must outlive it.
  explicit MadeUp(const RuleTest& test) : test_(test), at_(test.executions.size(), 0) {}

  /// Those up to this offset that were not given yet.
  model::ExecutionBatch next(DurationMs through);

 private:
  const RuleTest& test_;
  std::vector<std::uint64_t> at_;  ///< times of each generator that were given
  std::uint64_t ids_ = 0;
};

/// How many executions a generator makes.
std::uint64_t executions_of(const Generator& generator);

}  // namespace vitals::backtest
