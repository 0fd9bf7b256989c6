#pragma once

#include <functional>
#include <string>
#include <vector>

#include "session.h"

namespace vitals::cli {

/// A command line that was understood, or the answer that it already got.
struct Arguments {
  std::string url;
  std::string token;
  bool json = false;
  std::function<int(Session&)> command;  ///< empty: nothing is left to do
  int exit_status = 0;                   ///< then
};

/// Reads the command line and the environment (VITALS_URL, VITALS_TOKEN). Help and errors are
/// printed to the console.
Arguments read_arguments(std::vector<std::string> words, Console& console);

}  // namespace vitals::cli
