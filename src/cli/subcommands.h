#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "session.h"

namespace vitals::cli {

// What those that add subcommands to the command line have in common.

/// The command that was chosen, with its arguments.
using Chosen = std::function<int(Session&)>;

/// "" when the text is a duration, else what is wrong with it, as CLI11 wants it.
std::string check_duration(const std::string& text);

/// The options --filter and --group-by, which may be repeated.
void add_filters(CLI::App& command, std::vector<std::string>& filters);
void add_group_by(CLI::App& command, std::vector<std::string>& fields);

}  // namespace vitals::cli
