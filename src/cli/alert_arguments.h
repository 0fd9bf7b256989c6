#pragma once

#include "subcommands.h"

namespace vitals::cli {

/// `vitalsctl alerts …`.
void add_alerts(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
