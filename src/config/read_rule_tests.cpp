#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/base/nearest.h>
#include <vitals/base/time_text.h>
#include <vitals/config/rule_files.h>
#include <vitals/metrics/metric.h>
#include <vitals/wire/json.h>

#include "execution_json.h"
#include "files.h"
#include "read_document.h"
#include "sections.h"

namespace vitals::config {
namespace {

namespace fs = std::filesystem;
using backtest::Ailment;
using backtest::Expectation;
using backtest::ExpectedAlert;
using backtest::Generator;
using backtest::RuleTest;
using backtest::RuleTests;

constexpr DurationMs kLongestMs = 400 * kDayMs;
/// Monday, 2026-01-05T00:00:00Z.
constexpr TimeMs kDefaultStart = 1'767'571'200'000;

std::string place_of(const Section& section) {
  return section.document().file + ":" + std::to_string(section.line());
}

/// What is no key of the generator is a field of the execution, as it would be posted.
void read_execution(Section& section, Generator& generator) {
  std::vector<const Node*> fields;
  section.others([&fields](const Node& node) { fields.push_back(&node); });
  const std::string json = execution_json(fields, section);
  wire::TimeLimits limits;
  limits.now_ms = kDefaultStart;
  wire::Decoded decoded = wire::ExecutionDecoder().decode(json, wire::Framing::json, limits);
  for (const wire::Refusal& refusal : decoded.refusals) {
    section.problem(refusal.field, refusal.reason);
  }
  for (const std::string& name : decoded.unknown_names) section.problem(name, "unknown field");
  generator.execution = std::move(decoded.batch);
}

void read_generator(Section& section, RuleTest& test) {
  Generator& generator = test.executions.emplace_back();
  section.duration("from", generator.from_ms, 0, kLongestMs);
  section.duration("until", generator.until_ms, 1, kLongestMs);
  section.duration("every", generator.every_ms, 1, kLongestMs);
  section.count("count", generator.count, 1, 1'000'000);
  if (section.has("until") && generator.until_ms <= generator.from_ms) {
    section.problem("until", "must be after from");
  }
  if (section.has("until") && !section.has("every")) {
    section.problem("until", "has no meaning without every");
  }
  if (section.has("time")) section.problem("time", "follows from 'from' and 'every'");
  read_execution(section, generator);
}

void read_ailment(Section& section, RuleTest& test) {
  Ailment& ailment = test.unwell.emplace_back();
  section.duration("from", ailment.from_ms, 0, kLongestMs);
  section.duration("until", ailment.until_ms, 1, kLongestMs);
  section.text("component", ailment.component);
  section.text("why", ailment.why);
  if (section.has("until") && ailment.until_ms <= ailment.from_ms) {
    section.problem("until", "must be after from");
  }
  const auto& known = rules::kComponents;
  if (std::find(known.begin(), known.end(), ailment.component) == known.end()) {
    std::string names;
    for (const std::string_view name : known)
      names += (names.empty() ? "" : ", ") + std::string(name);
    section.problem("component", "'" + ailment.component + "': expected one of " + names);
  }
  if (ailment.why.empty()) section.problem("why", "is required: rules show it");
}

/// A name that no rule has would be expected in vain, or never to fire with success.
void check_rule(Section& section, const std::string& name, const RuleTests& tests) {
  std::vector<std::string_view> names;
  for (const rules::Rule& rule : tests.rules) names.push_back(rule.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string_view near = nearest(name, names);
  section.problem("rule", "there is no rule '" + name + "'" +
                              (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
}

void read_alert(Section& section, const RuleTests& tests, Expectation& expectation) {
  using model::AlertStatus;
  ExpectedAlert& alert = expectation.alerts.emplace_back();
  alert.rule = expectation.rule;
  section.text("rule", alert.rule);
  section.choice<AlertStatus>("status", alert.status,
                              {{"pending", AlertStatus::pending}, {"firing", AlertStatus::firing}});
  section.text_map("labels", alert.labels);
  section.text_map("annotations", alert.annotations);
  if (alert.rule.empty()) return section.problem("rule", "is required");
  if (alert.rule != expectation.rule) check_rule(section, alert.rule, tests);
}

void read_expectation(Section& section, const RuleTests& tests, RuleTest& test) {
  Expectation& expectation = test.expect.emplace_back();
  expectation.place = place_of(section);
  if (!section.has("at")) section.problem("at", "is required");
  section.duration("at", expectation.at_ms, 0, kLongestMs);
  section.text("rule", expectation.rule);
  if (!expectation.rule.empty()) check_rule(section, expectation.rule, tests);
  if (!section.has("alerts")) section.problem("alerts", "is required; [] for none");
  section.sections("alerts", [&](Section& alert) { read_alert(alert, tests, expectation); });
}

void read_start(Section& section, RuleTest& test) {
  test.start_ms = kDefaultStart;
  std::string text;
  section.text("start", text);
  if (text.empty()) return;
  const auto start = parse_rfc3339(text);
  if (!start) return section.problem("start", start.error().message);
  test.start_ms = *start;
}

void read_test(Section& section, RuleTests& tests) {
  RuleTest test;
  test.place = place_of(section);
  section.text("name", test.name);
  if (test.name.empty()) section.problem("name", "is required");
  read_start(section, test);
  section.sections("executions", [&](Section& each) { read_generator(each, test); });
  section.sections("unwell", [&](Section& each) { read_ailment(each, test); });
  section.sections("expect", [&](Section& each) { read_expectation(each, tests, test); });
  if (test.expect.empty()) section.problem("expect", "is required, else nothing is tested");
  DurationMs last_ms = 0;
  for (const Expectation& each : test.expect) last_ms = std::max(last_ms, each.at_ms);
  const auto as_long_as_anybody_looks = [last_ms](DurationMs& until_ms) {
    if (until_ms == 0) until_ms = last_ms + 1;
  };
  for (Generator& generator : test.executions) as_long_as_anybody_looks(generator.until_ms);
  for (Ailment& ailment : test.unwell) as_long_as_anybody_looks(ailment.until_ms);
  tests.tests.push_back(std::move(test));
}

void read_tests(Section& root, const fs::path& folder, const metrics::Options& options,
                Report& report, RuleTests& tests) {
  std::vector<std::string> names;
  root.texts("rule_files", names);
  if (names.empty()) root.problem("rule_files", "is required");
  const metrics::Catalogue catalogue(options);
  for (const std::string& name : names) {
    for (const fs::path& path : expand_glob(folder / name)) {
      read_document(path.lexically_normal().string(), read_file(path), report,
                    [&](Section& rules) { read_rules(rules, catalogue, tests.rules); });
    }
  }
  root.duration("evaluate_every", tests.evaluate_every_ms, 1'000, 3'600'000);
  root.sections("tests", [&](Section& each) { read_test(each, tests); });
  if (tests.tests.empty()) root.problem("tests", "is required");
}

}  // namespace

Result<RuleTests> read_rule_tests(const std::string& path, const metrics::Options& options) {
  RuleTests tests;
  Report report;
  const fs::path folder = fs::path(path).parent_path();
  read_document(path, read_file(path), report,
                [&](Section& root) { read_tests(root, folder, options, report, tests); });
  if (!report.empty()) return Error{Errc::invalid_argument, report.text()};
  return tests;
}

}  // namespace vitals::config
