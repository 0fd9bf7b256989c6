#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/backtest/rule_tests.h>
#include <vitals/base/result.h>
#include <vitals/metrics/measure.h>
#include <vitals/rules/rule.h>

namespace vitals::config {

/// Rule files that are read without the configuration which names them.
struct RuleFiles {
  std::vector<rules::Rule> rules;
  std::vector<std::string> problems;  ///< `file:line: key: reason`, all of them
  std::vector<std::string> warnings;  ///< of rules that do what nobody is likely to want
};

/// Rules of all files together; a name may occur only once.
RuleFiles read_rule_files(const std::vector<std::string>& paths, const metrics::Options& options);

/// The rules of a text, YAML or JSON, that messages call `name`. The error's message has one line
/// per problem: `name:line: key: reason`.
Result<std::vector<rules::Rule>> parse_rules(std::string_view name, const std::string& text,
                                             const metrics::Options& options);

/// A file with unit tests of rules (docs/how-to/test-alert-rules.md), and the rule files that it
/// names, relative to it. The error's message is as parse_rules()'s.
Result<backtest::RuleTests> read_rule_tests(const std::string& path,
                                            const metrics::Options& options);

}  // namespace vitals::config
