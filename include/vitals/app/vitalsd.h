#pragma once

namespace vitals::app {

/// The daemon's main: reads the command line and the configuration, serves until SIGTERM or SIGINT.
/// Returns the exit status: 0 after a clean drain, 1 when it could not start, 2 for a wrong command
/// line.
int run_vitalsd(int argc, char** argv);

}  // namespace vitals::app
