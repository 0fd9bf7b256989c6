#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "session.h"

namespace vitals::cli {

using Chosen = std::function<int(Session&)>;

/// `vitalsctl rules …`.
void add_rules(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
