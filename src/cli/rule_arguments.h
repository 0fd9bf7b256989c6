#pragma once

#include "subcommands.h"

namespace vitals::cli {

/// `vitalsctl rules …`.
void add_rules(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
