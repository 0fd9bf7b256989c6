#pragma once

#include <string>
#include <vector>

#include "subcommands.h"

namespace vitals::cli {

struct TopicsArguments {
  std::string window, from, to, limit;  ///< as the API takes them
  std::vector<std::string> filters;
};

int show_topics(Session& session, const TopicsArguments& arguments);

/// `vitalsctl feedback`.
void add_feedback(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
