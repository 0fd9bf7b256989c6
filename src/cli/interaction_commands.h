#pragma once

#include <string>
#include <vector>

#include "subject_options.h"

namespace vitals::cli {

struct InteractionArguments {
  SubjectArguments subject;
  std::vector<std::string> group_by;
  std::string retry_within, silence;  ///< as the API takes them
};

int show_interactions(Session& session, const InteractionArguments& arguments);

/// `vitalsctl interactions`.
void add_interactions(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
