#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <vitals/backtest/rule_tests.h>
#include <vitals/metrics/metric.h>

#include "made_up.h"
#include "matching.h"
#include "replay.h"
#include "world.h"

namespace vitals::backtest {
namespace {

constexpr std::uint64_t kExecutionsMax = 5'000'000;
constexpr std::int64_t kTestEvaluationsMax = 1'000'000;

/// Every regular evaluation up to the last expectation, and one at each expectation.
std::set<DurationMs> moments(const RuleTest& test, DurationMs every_ms) {
  std::set<DurationMs> moments;
  for (const Expectation& expected : test.expect) moments.insert(expected.at_ms);
  const DurationMs last = moments.empty() ? 0 : *moments.rbegin();
  for (DurationMs at = 0; at <= last; at += every_ms) moments.insert(at);
  return moments;
}

/// Components that are not well at a moment, and why.
std::map<std::string, std::string> unwell_at(const RuleTest& test, DurationMs at) {
  std::map<std::string, std::string> unwell;
  for (const Ailment& ailment : test.unwell) {
    if (ailment.from_ms <= at && at < ailment.until_ms) {
      unwell.emplace(ailment.component, ailment.why);
    }
  }
  return unwell;
}

Status check_size(const RuleTest& test, DurationMs every_ms) {
  std::uint64_t executions = 0;
  for (const Generator& generator : test.executions) executions += executions_of(generator);
  DurationMs last = 0;
  for (const Expectation& expected : test.expect) last = std::max(last, expected.at_ms);
  if (executions <= kExecutionsMax && last / every_ms <= kTestEvaluationsMax) return {};
  return Error{Errc::invalid_argument, test.place + ": '" + test.name + "' is too long: at most " +
                                           std::to_string(kExecutionsMax) + " executions and " +
                                           std::to_string(kTestEvaluationsMax) + " evaluations"};
}

Result<TestResult> run_test(const RuleTests& tests, const RuleTest& test,
                            const metrics::Catalogue& catalogue) {
  if (auto fits = check_size(test, tests.evaluate_every_ms); !fits) return std::move(fits).error();
  const bool on_history = std::any_of(tests.rules.begin(), tests.rules.end(), rules::is_on_history);
  auto world = World::make(catalogue);
  if (!world) return std::move(world).error();
  auto replay = Replay::make(
      tests.rules, catalogue, test.start_ms,
      [&world](const rules::Rule& rule, TimeMs now) { return (*world)->read(rule, now); });
  if (!replay) return std::move(replay).error();
  TestResult result{test.name, test.place, {}, {}};
  MadeUp made_up(test);
  for (const DurationMs at : moments(test, tests.evaluate_every_ms)) {
    const TimeMs now = test.start_ms + at;
    const model::ExecutionBatch executions = made_up.next(at);
    replay->apply(executions, now);
    if (on_history) (*world)->take(executions);
    replay->health(unwell_at(test, at));
    for (const model::Alert& alert : replay->evaluate(now)) {
      if (alert.status == model::AlertStatus::firing) result.fired.insert(alert.rule);
    }
    if (replay->readings_failed() > 0) {
      return Error{Errc::internal,
                   test.place + ": history cannot be read: " + replay->last_failure()};
    }
    for (const Expectation& expected : test.expect) {
      if (expected.at_ms != at) continue;
      if (auto failure = hold_against(expected, replay->open())) {
        result.failures.push_back(*std::move(failure));
      }
    }
  }
  return result;
}

}  // namespace

Result<std::vector<TestResult>> run_tests(const RuleTests& tests, const metrics::Options& options) {
  const metrics::Catalogue catalogue(options);
  std::vector<TestResult> results;
  for (const RuleTest& test : tests.tests) {
    auto result = run_test(tests, test, catalogue);
    if (!result) return std::move(result).error();
    results.push_back(*std::move(result));
  }
  return results;
}

}  // namespace vitals::backtest
