#pragma once

#include "subject_options.h"

namespace vitals::cli {

int show_topics(Session& session, const SubjectArguments& subject);

/// `vitalsctl feedback`.
void add_feedback(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
