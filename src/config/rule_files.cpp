#include <vitals/config/rule_files.h>
#include <vitals/metrics/metric.h>
#include <vitals/rules/evaluator.h>
#include <vitals/window/windows.h>

#include "files.h"
#include "lint_rules.h"
#include "read_document.h"
#include "sections.h"

namespace vitals::config {
namespace {

Status try_out(const std::vector<rules::Rule>& rules, const metrics::Catalogue& catalogue) {
  window::Windows windows(catalogue.options());
  const auto evaluator = rules::Evaluator::make(rules, catalogue, windows);
  return evaluator ? Status() : evaluator.error();
}

/// What only the evaluator sees: of each rule alone first, so that all problems come to light.
std::vector<std::string> problems_of(const std::vector<rules::Rule>& rules,
                                     const metrics::Catalogue& catalogue) {
  std::vector<std::string> problems;
  for (const rules::Rule& rule : rules) {
    if (std::holds_alternative<rules::Composite>(rule.condition)) continue;  // it needs others
    if (auto tried = try_out({rule}, catalogue); !tried) {
      problems.push_back(std::move(tried).error().message);
    }
  }
  if (!problems.empty()) return problems;
  if (auto tried = try_out(rules, catalogue); !tried) {
    problems.push_back(std::move(tried).error().message);
  }
  return problems;
}

}  // namespace

RuleFiles read_rule_files(const std::vector<std::string>& paths, const metrics::Options& options) {
  const metrics::Catalogue catalogue(options);
  RuleFiles files;
  Report report;
  for (const std::string& path : paths) {
    read_document(path, read_file(path), report,
                  [&](Section& root) { read_rules(root, catalogue, files.rules); });
  }
  files.problems = report.problems();
  if (!files.problems.empty()) return files;
  files.problems = problems_of(files.rules, catalogue);
  for (const rules::Rule& rule : files.rules) {
    for (std::string& warning : lint(rule, catalogue)) files.warnings.push_back(std::move(warning));
  }
  return files;
}

Result<std::vector<rules::Rule>> parse_rules(std::string_view name, const std::string& text,
                                             const metrics::Options& options) {
  const metrics::Catalogue catalogue(options);
  std::vector<rules::Rule> rules;
  Report report;
  read_document(name, text, report, [&](Section& root) { read_rules(root, catalogue, rules); });
  if (!report.empty()) return Error{Errc::invalid_argument, report.text()};
  return rules;
}

}  // namespace vitals::config
