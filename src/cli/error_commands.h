#pragma once

#include <string>
#include <vector>

#include "subcommands.h"

namespace vitals::cli {

struct ErrorsArguments {
  std::string window, from, to, limit;  ///< as the API takes them
  std::vector<std::string> filters;
};

int show_errors(Session& session, const ErrorsArguments& arguments);

/// `vitalsctl errors`.
void add_errors(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
