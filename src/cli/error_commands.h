#pragma once

#include "subject_options.h"

namespace vitals::cli {

int show_errors(Session& session, const SubjectArguments& subject);

/// `vitalsctl errors`.
void add_errors(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
