#pragma once

#include <string>

#include "subject_options.h"

namespace vitals::cli {

struct EvaluatorArguments {
  SubjectArguments subject;
  std::string count_min;  ///< as the API takes it
};

int show_evaluators(Session& session, const EvaluatorArguments& arguments);

/// `vitalsctl evaluators`.
void add_evaluators(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
