#include <algorithm>
#include <fstream>
#include <ostream>
#include <set>

#include <nlohmann/json.hpp>

#include <vitals/backtest/rule_tests.h>
#include <vitals/base/time_text.h>
#include <vitals/cli/cli.h>
#include <vitals/config/rule_files.h>
#include <vitals/model/filter.h>

#include "junit.h"
#include "metric_options.h"
#include "rule_commands.h"
#include "table.h"

namespace vitals::cli {
namespace {

using backtest::Failure;
using Json = nlohmann::ordered_json;
using Texts = std::map<std::string, std::string>;

struct FileResults {
  std::string file;
  std::vector<backtest::TestResult> tests;
  std::string error;                          ///< why they could not be run; "" else
  std::vector<std::string> never_fired = {};  ///< rules, with --all-fire
};

std::vector<std::string> never_fired(const std::vector<rules::Rule>& rules,
                                     const std::vector<backtest::TestResult>& results) {
  std::vector<std::string> never;
  for (const rules::Rule& rule : rules) {
    const bool fired = std::any_of(results.begin(), results.end(), [&rule](const auto& test) {
      return test.fired.count(rule.name) != 0;
    });
    if (!fired) never.push_back(rule.name);
  }
  return never;
}

FileResults run_file(const std::string& file, const metrics::Options& options, bool all_fire) {
  const auto tests = config::read_rule_tests(file, options);
  if (!tests) return {file, {}, tests.error().message};
  auto results = backtest::run_tests(*tests, options);
  if (!results) return {file, {}, results.error().message};
  auto never = all_fire ? never_fired(tests->rules, *results) : std::vector<std::string>();
  return {file, *std::move(results), "", std::move(never)};
}

std::string pairs_text(const Texts& texts) {
  std::string text;
  for (const auto& [name, value] : texts) text.append(" ").append(name).append("=").append(value);
  return text;
}

/// The texts of open alerts that somebody has expectations of, and the group's labels: those of the
/// rule itself would drown them.
struct Mentioned {
  explicit Mentioned(const Failure& failure) {
    for (const backtest::ExpectedAlert& alert : failure.expected.alerts) {
      for (const auto& each : alert.labels) labels.insert(each.first);
      for (const auto& each : alert.annotations) annotations.insert(each.first);
    }
  }
  Texts labels_of(const model::Alert& alert) const {
    Texts texts;
    for (const auto& each : alert.labels) {
      if (model::is_field(each.first) || labels.count(each.first) != 0) texts.insert(each);
    }
    return texts;
  }
  Texts annotations_of(const model::Alert& alert) const {
    Texts texts;
    for (const auto& each : alert.annotations) {
      if (annotations.count(each.first) != 0) texts.insert(each);
    }
    return texts;
  }

  std::set<std::string> labels;
  std::set<std::string> annotations;
};

/// One line of a difference and those of its texts.
std::string alert_text(std::string_view title, Tone tone, bool color, const std::string& rule,
                       model::AlertStatus status, const Texts& labels, const Texts& annotations) {
  std::string text = "        " + toned(title, tone, color);
  text += std::string(std::max<std::size_t>(title.size(), 10) - title.size() + 2, ' ');
  text += printable(rule + ' ' + model::to_string(status) + pairs_text(labels)) + '\n';
  for (const auto& [name, value] : annotations) {
    text.append(22, ' ').append(printable(name)).append(": ").append(printable(value)) += '\n';
  }
  return text;
}

std::string failure_text(const Failure& failure, bool color) {
  const std::string& rule = failure.expected.rule;
  std::string text =
      "      " + failure.expected.place + ": after " +
      (failure.expected.at_ms == 0 ? "0s" : format_duration(failure.expected.at_ms)) +
      (rule.empty() ? "" : ", of " + rule) + '\n';
  const Mentioned mentioned(failure);
  for (const backtest::ExpectedAlert& alert : failure.missing) {
    text += alert_text("missing", Tone::bad, color, alert.rule, alert.status, alert.labels,
                       alert.annotations);
  }
  const auto add = [&](std::string_view title, Tone tone, const model::Alert& alert) {
    text += alert_text(title, tone, color, alert.rule, alert.status, mentioned.labels_of(alert),
                       mentioned.annotations_of(alert));
  };
  for (const model::Alert& alert : failure.unexpected) add("unexpected", Tone::warning, alert);
  for (const model::Alert& alert : failure.as_expected) add("right", Tone::good, alert);
  return text;
}

std::string failures_text(const backtest::TestResult& test, bool color) {
  std::string text;
  for (const Failure& failure : test.failures) text += failure_text(failure, color);
  return text;
}

void show(const Session& session, const std::vector<FileResults>& files) {
  const bool color = session.console.color;
  std::ostream& out = session.console.out;
  std::size_t passed = 0, failed = 0, unread = 0;
  for (const FileResults& file : files) {
    out << toned(file.file, Tone::strong, color) << '\n';
    if (!file.error.empty()) {
      ++unread;
      out << toned("error", Tone::bad, color) << " " << file.error << '\n';
    }
    for (const backtest::TestResult& test : file.tests) {
      const bool good = test.failures.empty();
      ++(good ? passed : failed);
      out << (good ? toned("pass", Tone::good, color) : toned("FAIL", Tone::bad, color)) << "  "
          << printable(test.name) << '\n'
          << failures_text(test, color);
    }
    for (const std::string& rule : file.never_fired) {
      ++failed;
      out << toned("FAIL", Tone::bad, color) << "  " << printable(rule) << " fires in no test\n";
    }
  }
  out << passed << " passed, " << failed << " failed";
  if (unread > 0) out << ", " << unread << (unread == 1 ? " file" : " files") << " not run";
  out << '\n';
}

Json alert_json(const std::string& rule, model::AlertStatus status, const Texts& labels,
                const Texts& annotations) {
  return {{"rule", rule},
          {"status", model::to_string(status)},
          {"labels", labels},
          {"annotations", annotations}};
}

Json failure_json(const Failure& failure) {
  Json missing = Json::array();
  for (const auto& alert : failure.missing) {
    missing.push_back(alert_json(alert.rule, alert.status, alert.labels, alert.annotations));
  }
  Json unexpected = Json::array();
  for (const auto& alert : failure.unexpected) {
    unexpected.push_back(alert_json(alert.rule, alert.status, alert.labels, alert.annotations));
  }
  return {{"place", failure.expected.place},
          {"at", format_duration(failure.expected.at_ms)},
          {"missing", std::move(missing)},
          {"unexpected", std::move(unexpected)}};
}

void show_json(const Session& session, const std::vector<FileResults>& files) {
  Json list = Json::array();
  for (const FileResults& file : files) {
    Json tests = Json::array();
    for (const backtest::TestResult& test : file.tests) {
      Json failures = Json::array();
      for (const Failure& failure : test.failures) failures.push_back(failure_json(failure));
      tests.push_back({{"name", test.name},
                       {"place", test.place},
                       {"passed", test.failures.empty()},
                       {"failures", std::move(failures)}});
    }
    list.push_back({{"file", file.file},
                    {"error", file.error},
                    {"tests", std::move(tests)},
                    {"never_fired", file.never_fired}});
  }
  session.console.out << Json{{"files", std::move(list)}} << '\n';
}

std::vector<JunitCase> junit_cases(const std::vector<FileResults>& files) {
  std::vector<JunitCase> cases;
  for (const FileResults& file : files) {
    if (!file.error.empty()) cases.push_back({file.file, "the file can be read", file.error});
    for (const backtest::TestResult& test : file.tests) {
      std::string failure = failures_text(test, false);
      failure.erase(0, failure.find_first_not_of(' '));
      cases.push_back({file.file, test.name, std::move(failure)});
    }
    for (const std::string& rule : file.never_fired) {
      cases.push_back({file.file, rule + " fires in some test", "it fires in none"});
    }
  }
  return cases;
}

bool all_passed(const std::vector<FileResults>& files) {
  return std::all_of(files.begin(), files.end(), [](const FileResults& file) {
    return file.error.empty() && file.never_fired.empty() &&
           std::all_of(file.tests.begin(), file.tests.end(),
                       [](const auto& test) { return test.failures.empty(); });
  });
}

}  // namespace

int test_rules(Session& session, const TestRulesArguments& arguments) {
  const auto options = metric_options(arguments.config);
  if (!options) return fail(session, options.error());
  std::vector<FileResults> files;
  for (const std::string& file : arguments.files) {
    files.push_back(run_file(file, *options, arguments.all_fire));
  }
  session.json ? show_json(session, files) : show(session, files);
  if (!arguments.junit.empty()) {
    std::ofstream report(arguments.junit);
    report << junit_report(junit_cases(files));
    if (!report.flush()) return fail(session, {Errc::io, "cannot write " + arguments.junit});
  }
  return all_passed(files) ? kDone : kFailed;
}

}  // namespace vitals::cli
