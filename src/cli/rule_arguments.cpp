#include "rule_arguments.h"

#include <memory>
#include <string>

#include "rule_commands.h"

namespace vitals::cli {
namespace {

constexpr const char* kConfigHelp =
    "The daemon's configuration, for its weights and budgets (metrics:)";

void add_rules_check(CLI::App& rules, Chosen& chosen) {
  auto check_of = std::make_shared<CheckRulesArguments>();
  CLI::App* check =
      rules.add_subcommand("check", "Tell what is wrong with rule files; no daemon is asked");
  check->add_option("FILE", check_of->files, "Rule files")->required();
  check->add_option("--config", check_of->config, kConfigHelp);
  check->callback([&chosen, check_of] {
    chosen = [check_of](Session& session) { return check_rules(session, *check_of); };
  });
}

void add_test(CLI::App& rules, Chosen& chosen) {
  auto test_of = std::make_shared<TestRulesArguments>();
  CLI::App* test = rules.add_subcommand("test", "Run unit tests of rule files; no daemon is asked");
  test->add_option("FILE", test_of->files, "Files with tests")->required();
  test->add_option("--config", test_of->config, kConfigHelp);
  test->add_option("--junit", test_of->junit, "Write a JUnit report to this file");
  test->add_flag("--all-fire", test_of->all_fire,
                 "Fail, too, when a rule fires in no test of its file");
  test->callback([&chosen, test_of] {
    chosen = [test_of](Session& session) { return test_rules(session, *test_of); };
  });
}

void add_backtest(CLI::App& rules, Chosen& chosen) {
  auto test_of = std::make_shared<BacktestArguments>();
  CLI::App* test = rules.add_subcommand(
      "backtest", "Ask the daemon how often rules would have fired on what it has stored");
  test->add_option("FILE|RULE", test_of->target,
                   "A rule file, or the name of a rule in force; default all in force");
  test->add_option("--rule", test_of->rule, "Only this rule of the file");
  auto* last = test->add_option("--last", test_of->last, "How far back")
                   ->capture_default_str()
                   ->check(check_duration, "DURATION");
  test->add_option("--from", test_of->from, "Start: RFC 3339, epoch milliseconds, now-7d")
      ->excludes(last);
  test->add_option("--to", test_of->to, "End; default now")->excludes(last);
  test->add_option("--step", test_of->step, "Between evaluations; default as fine as is useful")
      ->check(check_duration, "DURATION");
  test->add_flag("--incidents", test_of->incidents, "List every incident");
  test->callback([&chosen, test_of] {
    chosen = [test_of](Session& session) { return backtest_rules(session, *test_of); };
  });
}

}  // namespace

void add_rules(CLI::App& app, Chosen& chosen) {
  CLI::App* rules =
      app.add_subcommand("rules", "Alert rules in force; check, test, back-test them");
  rules->callback([&chosen, rules] {
    if (rules->get_subcommands().empty()) chosen = show_rules;
  });
  add_rules_check(*rules, chosen);
  add_test(*rules, chosen);
  add_backtest(*rules, chosen);
}

}  // namespace vitals::cli
