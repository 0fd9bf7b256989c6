#pragma once

#include "subcommands.h"

namespace vitals::cli {

int rotate_key(Session& session);

/// `vitalsctl keys …`.
void add_keys(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
