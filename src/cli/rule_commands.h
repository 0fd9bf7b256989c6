#pragma once

#include <string>
#include <vector>

#include "session.h"

namespace vitals::cli {

struct CheckRulesArguments {
  std::vector<std::string> files;
  std::string config;  ///< whose weights and budgets count; "" is none
};

struct TestRulesArguments {
  std::vector<std::string> files;
  std::string config;
  std::string junit;      ///< "" is no report
  bool all_fire = false;  ///< a rule that fires in no test of its file is a failure
};

struct BacktestArguments {
  std::string target;  ///< a rule file, or a rule in force; "" is all in force
  std::string rule;    ///< only this one of the file
  std::string last = "30d";
  std::string from, to;  ///< instead
  std::string step;
  bool incidents = false;
};

int show_rules(Session& session);
int check_rules(Session& session, const CheckRulesArguments& arguments);
int test_rules(Session& session, const TestRulesArguments& arguments);
int backtest_rules(Session& session, const BacktestArguments& arguments);

}  // namespace vitals::cli
