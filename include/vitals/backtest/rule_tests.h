#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/metrics/measure.h>
#include <vitals/model/alert.h>
#include <vitals/model/batch.h>
#include <vitals/rules/rule.h>

namespace vitals::backtest {

// Unit tests of rules: executions that are made up, and the alerts that are to be open at given
// moments. All offsets are from the start of the test. Plain values, filled from files by `config`.

/// `count` equal executions at from_ms, from_ms + every_ms, … before until_ms.
struct Generator {
  DurationMs from_ms = 0;
  DurationMs until_ms = 0;
  DurationMs every_ms = 0;  ///< 0: once
  std::uint32_t count = 1;
  model::ExecutionBatch execution;  ///< one row; its time does not matter
};

/// A component of the daemon that is not well from from_ms until until_ms, as `unhealthy` rules
/// see.
struct Ailment {
  DurationMs from_ms = 0;
  DurationMs until_ms = 0;
  std::string component;  ///< of rules::kComponents
  std::string why;
};

struct ExpectedAlert {
  std::string rule;
  model::AlertStatus status = model::AlertStatus::firing;  ///< or pending
  std::map<std::string, std::string> labels;               ///< it has these, and maybe others
  std::map<std::string, std::string> annotations;          ///< … with exactly these texts
};

/// All alerts that are open at a moment, pending ones included.
struct Expectation {
  std::string place;  ///< file:line, for messages
  DurationMs at_ms = 0;
  std::string rule;  ///< only of this rule; "": of all
  std::vector<ExpectedAlert> alerts;
};

struct RuleTest {
  std::string name;
  std::string place;
  TimeMs start_ms = 0;
  std::vector<Generator> executions;
  std::vector<Expectation> expect;
  std::vector<Ailment> unwell = {};
};

struct RuleTests {
  std::vector<rules::Rule> rules;
  DurationMs evaluate_every_ms = 15'000;
  std::vector<RuleTest> tests;
};

/// An expectation that was not met.
struct Failure {
  Expectation expected;
  std::vector<ExpectedAlert> missing;    ///< those of `expected` that no open alert satisfies
  std::vector<model::Alert> unexpected;  ///< open alerts that satisfy none
  std::vector<model::Alert> as_expected;
};

struct TestResult {
  std::string name;
  std::string place;
  std::vector<Failure> failures;  ///< none: it passed
  std::set<std::string> fired;    ///< rules that fired meanwhile, expected or not
};

/// Runs every test by itself on the daemon's own evaluator and windows, with a clock of its own
/// that goes from evaluation to evaluation. The rules listen from the start of a test.
/// Errors: invalid_argument (a rule makes no sense, a test is too long).
Result<std::vector<TestResult>> run_tests(const RuleTests& tests, const metrics::Options& options);

}  // namespace vitals::backtest
