#pragma once

#include <string>
#include <vector>

#include "query_string.h"
#include "subcommands.h"

namespace vitals::cli {

/// What an answer about many is asked about, as the API takes it.
struct SubjectArguments {
  std::string window, from, to, limit;
  std::vector<std::string> filters;
};

/// --window, --from, --to, --filter and --limit. The help says the default window, and what of and
/// how many at most; without that there is no --limit.
void add_subject(CLI::App& command, SubjectArguments& subject, const std::string& default_window,
                 const std::string& limit_help);

QueryString query_of(const SubjectArguments& subject);

}  // namespace vitals::cli
